"""The mix and the accompaniment are steps of the session, and every engine sounds like them."""

import pytest

from musicassist.app.bootstrap import Services
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.engine.protocol import ChooseSound, ControlMoved, PlayClip, SetVolume
from musicassist.music.backing import BASS_CHANNEL, CHORDS_CHANNEL, DRUM_CHANNEL
from musicassist.music.mix import BACKING_PARTS, MIX_PARTS, MixPart


def volumes(engine: ScriptedEngine) -> list[tuple[str, float]]:
    return [(each.part, each.volume_db) for each in engine.sent if isinstance(each, SetVolume)]


def test_an_engine_that_gets_ready_is_told_the_mix_and_the_sounds(
    engine: ScriptedEngine, services: Services
) -> None:
    services.mixer.set_volume("bass", -20.0)
    services.mixer.set_muted("drums", is_muted=True)
    engine.die()
    engine.sent.clear()
    engine.restart()
    told = dict(volumes(engine))
    assert set(told) == {*MIX_PARTS, "player", "all"}
    assert (told["bass"], told["drums"], told["chords"]) == (-20.0, -60.0, -6.0)
    sounds = {each.channel for each in engine.sent if isinstance(each, ChooseSound)}
    assert sounds >= {CHORDS_CHANNEL, BASS_CHANNEL}


@pytest.mark.parametrize("part", MIX_PARTS)
def test_only_what_changes_is_sent(
    engine: ScriptedEngine, services: Services, part: MixPart
) -> None:
    services.mixer.set_volume(part, -12.0)
    services.mixer.set_muted(part, is_muted=True)
    services.mixer.set_volume(part, -18.0)
    services.mixer.set_muted(part, is_muted=False)
    assert [each for each in volumes(engine) if each[0] != "player"] == [
        (part, -12.0),
        (part, -60.0),
        (part, -18.0),
    ]


def test_a_part_heard_alone_silences_the_others_but_the_click(
    engine: ScriptedEngine, services: Services
) -> None:
    services.mixer.set_soloed("bass", is_soloed=True)
    silenced = {"phrase", "solo", "chords", "drums"}
    assert set(volumes(engine)) == {(part, -60.0) for part in silenced}
    engine.sent.clear()
    services.mixer.set_soloed("bass", is_soloed=False)
    assert {part for part, _ in volumes(engine)} == silenced


def test_ones_own_keys_are_heard_though_the_phrase_is_not(
    engine: ScriptedEngine, services: Services
) -> None:
    services.mixer.set_muted("phrase", is_muted=True)
    assert volumes(engine) == [("phrase", -60.0)]
    services.mixer.set_volume("phrase", -9.0)
    assert volumes(engine)[1:] == [("player", -9.0)]


def test_every_change_is_a_named_step_and_a_drag_is_one(services: Services) -> None:
    document, mixer = services.document, services.mixer
    before = document.session
    for volume_db in (-7.0, -8.0, -9.0):
        mixer.set_volume("chords", volume_db)
    assert document.undo_name == "Change volume of the chords"
    mixer.set_muted("chords", is_muted=True)
    assert document.undo_name == "Mute the chords"
    mixer.choose_feel("swing")
    assert document.undo_name == "Accompany with swing"
    mixer.switch_backing(is_on=False)
    for _ in range(4):
        document.undo()
    assert document.session == before


def test_an_undone_mute_is_heard(engine: ScriptedEngine, services: Services) -> None:
    services.mixer.set_muted("bass", is_muted=True)
    services.document.undo()
    assert volumes(engine) == [("bass", -60.0), ("bass", -6.0)]


def test_another_feel_is_heard_at_once_with_its_sounds(
    engine: ScriptedEngine, services: Services
) -> None:
    services.player.play()
    engine.sent.clear()
    services.mixer.choose_feel("metal-gallop")
    assert ChooseSound(CHORDS_CHANNEL, 29) in engine.sent
    services.player._play_on()
    play = engine.sent[-1]
    assert isinstance(play, PlayClip)
    assert play.start_ticks is None
    assert play.clip == services.document.arrangement.heard_clip
    assert DRUM_CHANNEL in {note.channel for note in play.clip.notes}


def test_a_mute_does_not_start_the_music_anew(engine: ScriptedEngine, services: Services) -> None:
    services.player.play()
    engine.sent.clear()
    services.mixer.set_muted("drums", is_muted=True)
    assert not services.player._follow.isActive()


def test_one_knob_moves_the_three_parts_of_the_accompaniment_and_keeps_their_balance(
    engine: ScriptedEngine, services: Services
) -> None:
    services.mixer.set_volume("bass", -10.0)
    for place in (0.5, 0.4):
        engine.say(ControlMoved("backing_volume", place, "V49"))
    levels = [services.mixer.mix.level(part).volume_db for part in BACKING_PARTS]
    assert levels[0] == levels[2] < -6.0
    assert levels[1] == pytest.approx(levels[0] - 4.0)


def test_volumes_stay_within_their_bounds(services: Services) -> None:
    services.mixer.set_volume("solo", 20.0)
    services.mixer.set_volume("bass", -90.0)
    assert services.mixer.mix.solo.volume_db == 0.0
    assert services.mixer.mix.bass.volume_db == -60.0


def test_only_looking_through_feels_is_one_step(services: Services) -> None:
    before = services.document.session.backing
    services.mixer.choose_next_feel()
    services.mixer.choose_next_feel()
    chosen = services.document.session.backing
    services.mixer.play_other_fills()
    services.mixer.switch_backing(is_on=False)
    services.document.undo()
    assert services.document.session.backing.is_on
    services.document.undo()
    assert services.document.session.backing == chosen
    services.document.undo()
    assert services.document.session.backing == before
