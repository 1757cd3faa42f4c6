"""One window, many sessions: each change is in the file it belongs to."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from musicassist.app.arrangement import arrangement_of
from musicassist.app.bootstrap import Services, connect_services
from musicassist.app.demo import demo_session
from musicassist.app.engine_client import EngineOptions
from musicassist.app.feels import all_feels
from musicassist.app.notices import Notice
from musicassist.app.scripted_engine import ScriptedEngine
from musicassist.app.session_keeper import Keeping, SessionKeeper
from musicassist.app.soloist_service import ECHO
from musicassist.app.templates import all_templates
from musicassist.engine.protocol import KeepIn, LetGo, PhraseCaptured, Stop
from musicassist.errors import SessionFileError
from musicassist.music.backing import Backing
from musicassist.music.session import Session
from musicassist.music.take import NOTE_OFF, NOTE_ON, RawEvent, Take
from musicassist.storage import claim as claim_module
from musicassist.storage import library
from musicassist.storage.claim import Claim, claim_file, claim_session
from musicassist.storage.session_file import SessionFile

PATIENCE_MS = 20_000
MakeDesk = Callable[[], Services]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "sessions"
    for module in (library, claim_module):
        monkeypatch.setattr(module, "sessions_folder", lambda: place)
    return place


@pytest.fixture
def engine(qapp: object) -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def open_window(folder: Path, engine: ScriptedEngine) -> Iterator[MakeDesk]:
    made: list[Services] = []

    def opened() -> Services:
        keeper = SessionKeeper(claim_session())
        engine.options = EngineOptions(session_file=keeper.path)
        session = keeper.session or demo_session()
        made.append(connect_services(engine, session, (ECHO,), keeper=keeper))
        engine.start()
        engine.sent.clear()
        return made[-1]

    yield opened
    for services in made:
        services.shut_down()


@pytest.fixture
def services(open_window: MakeDesk) -> Services:
    return open_window()


@pytest.fixture
def seen(services: Services) -> list[Notice]:
    notices: list[Notice] = []
    services.notices.posted.connect(notices.append)
    return notices


def in_file(path: Path) -> Session | None:
    file = SessionFile(path)
    try:
        return file.load_session()
    finally:
        file.close()


def phrase(*pitches: int) -> Take:
    events = []
    for index, pitch in enumerate(pitches):
        start_ns = index * 500_000_000
        events.append(RawEvent(start_ns, NOTE_ON, pitch, 80))
        events.append(RawEvent(start_ns + 400_000_000, NOTE_OFF, pitch))
    return Take(tuple(events), "V49")


def path_of(services: Services) -> Path:
    assert services.sessions.path is not None
    return services.sessions.path


def test_a_new_session_leaves_the_one_before_as_it_was(services: Services) -> None:
    before, path = services.document.session, path_of(services)
    services.document.set_tempo(97)
    services.sessions.start_new()
    assert services.document.session == Session(name="New idea")
    assert services.document.undo_name == ""
    assert path_of(services).name == "New idea.musicassist"
    assert in_file(path_of(services)) == services.document.session
    services.sessions.start_new()
    assert services.document.session.name == "New idea 2"
    (kept,) = (each for each in library.recent_sessions() if each.name == before.name)
    left = in_file(kept.path)
    assert left is not None
    assert round(left.timebase.tempos[0].bpm) == 97
    assert left.primer == before.primer
    assert not path.exists()  # it was never given its session's name until now
    assert kept.path.stem == before.name


def test_changes_go_to_the_file_that_is_open(qtbot: QtBot, services: Services) -> None:
    services.sessions.start_new()
    first = path_of(services)
    services.document.set_tempo(61)
    services.sessions.start_new()
    second = path_of(services)
    with qtbot.waitSignal(services.keeper.kept, timeout=PATIENCE_MS):
        services.document.set_tempo(62)
    services.sessions.open(first)
    assert round(services.document.session.timebase.tempos[0].bpm) == 61
    left = in_file(second)
    assert left is not None
    assert round(left.timebase.tempos[0].bpm) == 62


def test_the_engine_is_told_before_anything_is_shown_and_lets_go_at_last(
    engine: ScriptedEngine, services: Services
) -> None:
    path = path_of(services)
    services.player.play()
    engine.sent.clear()
    services.sessions.start_new()
    kinds = [type(each) for each in engine.sent]
    assert kinds == [Stop, KeepIn, LetGo]
    assert engine.sent[1] == KeepIn(str(path_of(services)))
    assert engine.sent[2] == LetGo(str(path))
    assert not services.player.is_playing
    assert engine.options.session_file == path_of(services)


def test_what_was_under_way_goes_to_the_session_it_was_played_in(
    engine: ScriptedEngine, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.sessions.start_new()
    first = path_of(services)
    keep_in = engine.keep_in

    def hand_over_first(path: Path) -> None:
        engine.say(PhraseCaptured(phrase(60, 62, 64, 65)))
        keep_in(path)

    monkeypatch.setattr(engine, "keep_in", hand_over_first)
    services.sessions.start_new()
    assert services.document.session.primer is None
    monkeypatch.undo()
    services.sessions.open(first)
    primer = services.document.session.primer
    assert primer is not None
    assert [note.pitch for note in primer.notes] == [60, 62, 64, 65]


def test_an_engine_that_dies_or_hangs_holds_nothing_up(
    qtbot: QtBot,
    engine: ScriptedEngine,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_tell_files", lambda: None)
    services.sessions._patience.setInterval(10)
    services.sessions.start_new()
    assert services.document.session.name != "New idea"
    qtbot.waitUntil(lambda: services.document.session.name == "New idea", timeout=PATIENCE_MS)
    services.sessions._patience.setInterval(100_000)
    services.sessions.start_new()
    engine.die()
    assert services.document.session.name == "New idea 2"
    assert engine.options.session_file == path_of(services)


def test_what_is_begun_while_the_engine_hands_over_stays_out_of_the_other_session(
    qtbot: QtBot,
    engine: ScriptedEngine,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_tell_files", lambda: None)
    services.sessions._patience.setInterval(100_000)
    services.sessions.start_new()
    services.player.play()
    services.workbench.continue_phrase()
    assert services.soloist.is_busy
    engine.sent.clear()
    engine.die()
    assert services.document.session.name == "New idea"
    assert not services.soloist.is_busy
    with qtbot.assertNotEmitted(services.soloist.solos_made, wait=50):
        pass


def test_an_engine_that_hangs_plays_nothing_on_in_the_other_session(
    qtbot: QtBot,
    engine: ScriptedEngine,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "_tell_files", lambda: None)
    services.sessions._patience.setInterval(10)
    services.sessions.start_new()
    services.player.play()
    engine.sent.clear()
    qtbot.waitUntil(lambda: services.document.session.name == "New idea", timeout=PATIENCE_MS)
    assert any(isinstance(each, Stop) for each in engine.sent)
    assert not services.player.is_playing


def test_without_an_engine_sessions_open_all_the_same(
    engine: ScriptedEngine, services: Services
) -> None:
    engine.shut_down()
    services.sessions.start_new()
    assert services.document.session.name == "New idea"


def test_the_demo_is_still_there_after_a_look_at_another_session(services: Services) -> None:
    services.sessions.start_new()
    (card,) = services.sessions.recent()
    services.sessions.open(card.path)
    assert services.document.session == demo_session()


def test_undo_belongs_to_a_session(services: Services, seen: list[Notice]) -> None:
    services.steps.take(lambda: services.document.set_tempo(90), lambda: "Slower.")
    undo = seen[-1].action
    services.sessions.start_new()
    session = services.document.session
    assert undo is not None
    undo()
    services.document.undo()
    assert services.document.session is session


def test_renaming_is_a_step_and_the_file_follows_when_it_is_left(services: Services) -> None:
    services.sessions.start_new()
    first = path_of(services)
    services.sessions.rename("  Evening: idea/1\n")
    assert services.document.session.name == "Evening: idea/1"
    assert services.document.undo_name == "Rename the session"
    services.sessions.rename("   ")
    assert services.document.session.name == "Evening: idea/1"
    assert path_of(services) == first
    services.sessions.start_new()
    assert not first.exists()
    (card,) = (each for each in services.sessions.recent() if each.name == "Evening: idea/1")
    assert card.path.name == "Evening idea 1.musicassist"
    services.sessions.open(card.path)
    assert services.document.session.name == "Evening: idea/1"


def test_the_file_gets_its_name_when_the_window_closes_and_is_found_again(
    open_window: MakeDesk,
) -> None:
    services = open_window()
    services.sessions.rename("Last")
    services.shut_down()
    again = open_window()
    assert again.document.session.name == "Last"
    assert path_of(again).stem == "Last"


def test_a_copy_goes_its_own_way(services: Services) -> None:
    services.sessions.rename("Mine")
    original = services.document.session
    services.sessions.duplicate()
    assert services.document.session == replace(original, name="Mine copy")
    services.document.set_tempo(55)
    (card,) = services.sessions.recent()
    assert in_file(card.path) == original


@pytest.mark.parametrize("template", all_templates(), ids=lambda each: each.template_id)
def test_every_template_makes_a_session(services: Services, template: object) -> None:
    assert isinstance(template, type(all_templates()[0]))
    services.sessions.start_from(template)
    session = services.document.session
    assert session.name == template.title
    assert session.key is not None
    assert session.progression is not None
    assert session.primer is None
    meter = session.timebase.meters[0]
    assert (meter.numerator, meter.denominator) == template.metre
    assert session.wishes.character_id == template.character_id
    assert in_file(path_of(services)) == session


def test_there_are_templates_of_several_kinds() -> None:
    assert len(all_templates()) >= 5
    assert {each.metre for each in all_templates()} >= {(4, 4), (3, 4)}
    assert all(each.character_id and each.summary for each in all_templates())


def test_templates_are_accompanied_as_their_music_is() -> None:
    known = {feel.feel_id for feel in all_feels()}
    for template in all_templates():
        session = template.session_like(Session(backing=Backing(is_on=False)))
        assert session.backing.feel_id in known
        assert session.backing.is_on
        assert arrangement_of(session).heard_clip.notes


def test_a_session_open_in_another_window_says_so_and_nothing_changes(
    services: Services, folder: Path, seen: list[Notice]
) -> None:
    other = claim_file(folder / "Other.musicassist")
    session, path = services.document.session, path_of(services)
    services.sessions.open(other.path)
    other.release()
    assert seen[-1].text == "Other is open in another window."
    assert (services.document.session, path_of(services)) == (session, path)
    services.sessions.open(other.path)
    assert services.document.session.name == "Other"


@pytest.mark.parametrize("content", [b"MThd", b""])
def test_a_file_of_another_kind_or_of_nothing(
    services: Services, folder: Path, seen: list[Notice], content: bytes
) -> None:
    path = folder / "strange.mid"
    path.write_bytes(content)
    before = services.document.session
    services.sessions.open(path)
    if content:
        assert seen[-1].text == "strange.mid is not a session file."
        assert services.document.session is before
    services.sessions.open(folder / "gone.musicassist")
    assert seen[-1].text == "gone.musicassist is no longer there."


def test_the_session_that_is_open_is_not_opened_again(
    services: Services, seen: list[Notice]
) -> None:
    before = services.document.session
    services.sessions.open(path_of(services))
    assert services.document.session is before
    assert "open already" in seen[-1].text


def test_a_removed_session_is_put_away_and_comes_back_by_undo(
    services: Services, seen: list[Notice], folder: Path
) -> None:
    services.sessions.rename("Keep")
    services.sessions.start_new()
    services.sessions.rename("Away")
    session = services.document.session
    services.sessions.remove()
    assert services.document.session.name == "Keep"
    assert [each.name for each in services.sessions.recent()] == []
    assert (folder / "removed" / "Away.musicassist").is_file()
    told = seen[-1]
    assert (told.text, told.action_name) == ("Away was removed.", "Undo")
    assert told.action is not None
    told.action()
    assert services.document.session == session
    assert not (folder / "removed" / "Away.musicassist").exists()


def test_removing_the_only_session_begins_a_new_one(services: Services, folder: Path) -> None:
    services.sessions.remove()
    assert services.document.session.name == "New idea"
    assert len(list((folder / "removed").iterdir())) == 1


def test_the_next_start_opens_the_one_that_was_open(open_window: MakeDesk) -> None:
    services = open_window()
    services.document.set_tempo(81)
    services.sessions.start_new()
    services.sessions.open(services.sessions.recent()[0].path)
    services.shut_down()
    again = open_window()
    assert round(again.document.session.timebase.tempos[0].bpm) == 81


def test_a_session_that_cannot_be_saved_is_not_left(
    qtbot: QtBot, services: Services, seen: list[Notice], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_file: SessionFile, _session: Session) -> None:
        raise SessionFileError("The disk is full.", "Make room.")

    monkeypatch.setattr(SessionFile, "save_session", fail)
    with qtbot.waitSignal(services.keeper.failed, timeout=PATIENCE_MS):
        services.document.set_tempo(99)
    session, path = services.document.session, path_of(services)
    assert services.keeper.state is Keeping.FAILING
    services.sessions.start_new()
    services.sessions.open(claim_and_release(path.with_name("Other.musicassist")))
    assert (services.document.session, path_of(services)) == (session, path)
    assert seen[-1].text == "The disk is full."
    monkeypatch.undo()
    qtbot.waitUntil(lambda: services.keeper.state is Keeping.SAVED, timeout=PATIENCE_MS)


def claim_and_release(path: Path) -> Path:
    claim: Claim = claim_file(path)
    claim.release()
    return path


def test_the_keeper_says_how_it_stands(qtbot: QtBot, services: Services) -> None:
    states: list[Keeping] = []
    services.keeper.state_changed.connect(states.append)
    assert services.keeper.state is Keeping.SAVED
    with qtbot.waitSignal(services.keeper.kept, timeout=PATIENCE_MS):
        services.document.set_tempo(99)
    qtbot.waitUntil(lambda: services.keeper.state is Keeping.SAVED, timeout=PATIENCE_MS)
    assert states == [Keeping.SAVING, Keeping.SAVED]


def test_a_change_taken_back_to_what_was_loaded_is_saved_too(
    qtbot: QtBot, services: Services
) -> None:
    services.sessions.start_new()
    before = services.document.session
    with qtbot.waitSignal(services.keeper.kept, timeout=PATIENCE_MS):
        services.document.set_tempo(99)
    with qtbot.waitSignal(services.keeper.kept, timeout=PATIENCE_MS):
        services.document.undo()
    assert in_file(path_of(services)) == before


def test_where_nothing_is_kept_a_new_idea_is_a_step(engine: ScriptedEngine) -> None:
    services = connect_services(engine, demo_session(), (ECHO,))
    engine.start()
    before = services.document.session
    services.sessions.start_new()
    assert services.document.session.primer is None
    services.document.undo()
    assert services.document.session == before
    services.sessions.duplicate()
    assert services.document.session == before
    assert services.sessions.reason_for_one
    services.shut_down()
