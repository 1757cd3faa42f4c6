from itertools import pairwise

import pytest

from musicassist.audio.click import click_sounds
from musicassist.engine.protocol import (
    GrabPhrase,
    KeyMoved,
    LoopRange,
    Panic,
    PhraseCaptured,
    PlayClip,
    PlayheadMoved,
    SetMetronome,
    SetRecording,
    Stop,
    TakeRecorded,
)
from musicassist.music.clip import Clip
from musicassist.music.note import Note
from musicassist.music.take import clip_from_take
from musicassist.music.timebase import TempoChange, Timebase

MS = 1_000_000
RATE_HZ = 48_000
CLIP = Clip((Note(0, 240, 60), Note(240, 240, 64)), 480)
NOTHING = Clip()
BEAT = Timebase.steady(120)  # 480 ticks are 500 ms


def play_note(studio, *, ms=10, pitch=70):
    studio.play(0x90, pitch, 90)
    studio.wait(ms / 1000)
    studio.play(0x80, pitch, 64)


def takes(studio):
    return studio.of(TakeRecorded)


def onsets(recorded):
    pairs = zip(recorded.take.events, recorded.take.places_ticks, strict=True)
    return [round(place) for event, place in pairs if event.is_note_on]


def test_the_playhead_moves_thirty_times_a_second_and_ends_once(studio):
    studio.obey(PlayClip(CLIP, BEAT))
    studio.wait(1)
    heads = studio.of(PlayheadMoved)
    assert 12 <= len(heads) <= 18
    assert [head.ticks for head in heads] == sorted(head.ticks for head in heads)
    assert [head.is_playing for head in heads] == [True] * (len(heads) - 1) + [False]
    assert heads[-1].ticks == 480
    keys = [(key.pitch, key.is_down) for key in studio.of(KeyMoved) if key.is_playback]
    assert keys == [(60, True), (60, False), (64, True), (64, False)]


def test_a_loop_goes_on_until_stopped(studio):
    studio.obey(PlayClip(CLIP, BEAT, 240, LoopRange(0, 480)))
    studio.wait(0.1)
    assert studio.of(PlayheadMoved)[0].ticks >= 240
    studio.wait(2.4)
    studio.obey(Stop())
    studio.wait(0.3)
    heads = studio.of(PlayheadMoved)
    assert [head.is_playing for head in heads].count(False) == 1
    assert not heads[-1].is_playing
    assert sum(b.ticks < a.ticks for a, b in pairwise(heads)) >= 4
    assert studio.n_sounding == 0


def test_a_new_clip_takes_over_without_an_end_in_between(studio):
    studio.obey(PlayClip(CLIP, BEAT))
    studio.wait(0.48)
    studio.obey(PlayClip(CLIP, BEAT))
    studio.wait(0.4)
    assert all(head.is_playing for head in studio.of(PlayheadMoved))


def test_every_report_says_of_which_playback_it_is(open_studio):
    studio = open_studio(latency_s=0.05)
    studio.obey(PlayClip(CLIP, BEAT, play_id=7))
    studio.wait(0.3)
    studio.obey(PlayClip(CLIP, BEAT, play_id=8))
    studio.wait(1)
    ids = [head.play_id for head in studio.of(PlayheadMoved)]
    assert set(ids) == {7, 8}
    assert ids == sorted(ids)


def test_stop_while_nothing_plays_says_nothing(studio):
    studio.obey(Stop())
    studio.wait(0.1)
    assert not studio.of(PlayheadMoved)


def test_nothing_is_reported_of_what_was_stopped_though_it_is_still_heard(open_studio):
    studio = open_studio(latency_s=0.2)
    studio.obey(PlayClip(CLIP, BEAT, play_id=1))
    studio.wait(0.3)
    studio.obey(Stop(), PlayClip(CLIP, BEAT, play_id=2))
    studio.wait(0.3)
    heads = studio.of(PlayheadMoved)
    last = next(index for index, head in enumerate(heads) if not head.is_playing)
    assert heads[last].ticks == pytest.approx(480 * 0.1 / 0.5, abs=1)
    assert {head.play_id for head in heads[:last]} == {1}
    assert {head.play_id for head in heads[last + 1 :]} == {2}


@pytest.mark.parametrize("latency_ms", [0, 3, 20, 170])
def test_the_playhead_stands_where_it_is_heard(open_studio, latency_ms):
    studio = open_studio(latency_s=latency_ms / 1000)
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    begun_ns = studio.now_ns
    studio.wait(1)
    head, at_ns = studio.of(PlayheadMoved)[-1], studio.now_ns
    studio.wait(0.033)
    played_ms = (at_ns - begun_ns) / MS - latency_ms
    assert 0 <= played_ms * 480 / 500 - head.ticks < 35


def test_while_counting_in_the_playhead_stands_below_the_start(studio):
    studio.obey(PlayClip(CLIP, BEAT, 240, count_in_bars=1, is_recording=True))
    studio.wait(1.9)
    heads = studio.of(PlayheadMoved)
    assert heads[0].ticks == pytest.approx(240 - 1920, abs=10)
    assert all(head.is_counting_in and head.ticks < 240 for head in heads)
    assert not [key for key in studio.of(KeyMoved) if key.is_playback]
    studio.wait(0.2)
    assert not studio.of(PlayheadMoved)[-1].is_counting_in
    assert studio.of(PlayheadMoved)[-1].ticks > 240


def test_going_on_from_where_the_transport_stands_begins_at_the_start(studio):
    studio.obey(PlayClip(CLIP, BEAT, None))
    studio.wait(0.1)
    assert studio.of(PlayheadMoved)[0].ticks < 10


def test_a_change_while_playing_goes_on_at_the_musical_place(studio):
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(1)
    studio.obey(PlayClip(NOTHING, Timebase.steady(60), None, is_endless=True))
    studio.wait(1)
    studio.obey(Stop())
    assert studio.of(PlayheadMoved)[-1].ticks == pytest.approx(960 + 480, abs=6)


def heard_clicks(studio, seconds):
    """Return the frames at which clicks begin in what is pumped."""
    found, silent = [], True
    for _ in range(round(seconds * 200)):
        frame = studio.sink.n_frames
        pump, blocks = studio.sink.pump, []
        studio.sink.pump = lambda n, pump=pump, blocks=blocks: blocks.append(pump(n))
        studio.step()
        del studio.sink.pump
        for offset, value in enumerate(abs(blocks[0][:, 0])):
            if value > 1e-4 and silent:
                found.append(frame + offset)
            silent = False if value > 1e-4 else silent and value <= 1e-4
        if not abs(blocks[0]).max() > 1e-4:
            silent = True
    return found


def test_the_metronome_is_heard_on_its_very_frames(studio):
    studio.obey(SetMetronome(True), PlayClip(NOTHING, Timebase.steady(90), is_endless=True))
    found = heard_clicks(studio, 3)
    sounds = click_sounds(RATE_HZ)
    rises = [
        next(i for i, frame in enumerate(sound) if abs(frame[0]) > 1e-4)
        for sound in (sounds.accent, sounds.plain)
    ]
    assert len(found) == 5
    for index, frame in enumerate(found):
        assert abs(frame - rises[index % 4 != 0] - index * 32_000) <= 1


@pytest.mark.parametrize("latency_ms", [0, 1.5, 12, 130])
@pytest.mark.parametrize("count_in_bars", [0, 1])
def test_what_is_played_on_a_heard_beat_lands_on_its_tick(open_studio, latency_ms, count_in_bars):
    """Over a change of tempo and over the turn of a loop."""
    studio = open_studio(latency_s=latency_ms / 1000)
    timebase = Timebase((TempoChange(0, 500_000), TempoChange(960, 750_000)))
    studio.obey(
        PlayClip(
            NOTHING,
            timebase,
            loop=LoopRange(0, 1920),
            count_in_bars=count_in_bars,
            is_recording=True,
        )
    )
    start_ms = latency_ms + 2000 * count_in_bars
    loop_ms = 2 * 500 + 2 * 750
    beats = [
        (round((start_ms + turn * loop_ms + ms) * MS), turn, ticks)
        for turn in range(2)
        for ms, ticks in ((0, 0), (500, 480), (1000, 960), (1750, 1440))
    ]
    for at_ns, _, _ in beats:
        while studio.now_ns < at_ns:
            studio.step()
        studio.play(0x90, 70, 90, at_ns=at_ns)
        studio.play(0x80, 70, 64, at_ns=at_ns + 1 * MS)
    studio.wait(1)
    studio.obey(Stop())
    assert [recorded.pass_number for recorded in takes(studio)] == [0, 1]
    for recorded in takes(studio):
        places = [
            place
            for event, place in zip(recorded.take.events, recorded.take.places_ticks, strict=True)
            if event.is_note_on
        ]
        assert places == pytest.approx([0, 480, 960, 1440], abs=0.05)


def record(studio, **options):
    studio.obey(PlayClip(NOTHING, BEAT, is_recording=True, is_endless=True, **options))


def test_a_recording_is_handed_over_at_stop_with_held_notes_ended(studio):
    record(studio, play_id=5)
    studio.wait(0.5)
    studio.play(0x90, 70, 90)
    studio.wait(0.5)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert (recorded.pass_number, recorded.start_ticks, recorded.play_id) == (0, 0, 5)
    assert recorded.end_ticks == pytest.approx(960, abs=6)
    assert recorded.take.places_ticks == pytest.approx((480, 960), abs=6)
    assert recorded.take.events[-1].is_note_off
    assert recorded.take.source == "Keys"
    assert not studio.of(PlayheadMoved)[-1].is_playing


@pytest.mark.parametrize("end", [Stop(), Panic(), SetRecording(False), PlayClip(CLIP, BEAT)])
def test_whatever_ends_a_recording_hands_it_over_once(studio, end):
    record(studio)
    play_note(studio, ms=100)
    studio.obey(end)
    studio.wait(1)
    studio.obey(Stop())
    assert len(takes(studio)) == 1


def test_an_empty_recording_is_not_handed_over(studio):
    record(studio)
    studio.play(0xB0, 64, 127)
    studio.wait(0.5)
    studio.obey(Stop())
    assert not takes(studio)


def test_the_end_of_the_clip_ends_the_recording(studio):
    studio.obey(PlayClip(CLIP, BEAT, is_recording=True))
    studio.wait(0.3)
    studio.play(0x90, 70, 90)
    studio.wait(1)
    [recorded] = takes(studio)
    assert recorded.end_ticks == 480
    assert recorded.take.places_ticks == pytest.approx((288, 480), abs=6)


def test_a_note_played_a_little_early_after_a_count_in_is_kept(studio):
    record(studio, count_in_bars=1)
    studio.wait(1)
    play_note(studio)  # in the middle of the count-in: no part of the recording
    studio.wait(0.94)
    play_note(studio, ms=20)
    studio.wait(0.5)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert onsets(recorded) == [pytest.approx(-48, abs=6)]
    clip = clip_from_take(recorded.take, BEAT, start_ticks=round(recorded.start_ticks))
    assert [note.onset_ticks for note in clip.notes] == [0]


def test_a_note_played_a_little_before_the_first_sound_is_kept(open_studio):
    studio = open_studio(latency_s=0.1)
    record(studio)
    studio.wait(0.06)
    play_note(studio, ms=200)
    studio.obey(Stop())
    assert onsets(takes(studio)[0]) == [pytest.approx(-38, abs=6)]


def test_a_pedal_pressed_before_the_recording_is_in_it(studio):
    studio.play(0xB0, 64, 127)
    studio.wait(0.1)
    record(studio, count_in_bars=1)
    studio.wait(2.5)
    play_note(studio)
    studio.obey(Stop())
    [recorded] = takes(studio)
    first = recorded.take.events[0]
    assert (first.status, first.data1, first.data2) == (0xB0, 64, 127)
    assert recorded.take.places_ticks[0] == 0


def test_every_turn_of_the_loop_hands_over_a_pass_with_held_notes_ended_at_it(studio):
    record(studio, loop=LoopRange(480, 1440))  # a second, after half a second
    studio.wait(0.5)
    for _ in range(2):
        studio.wait(0.5)
        studio.play(0x90, 70, 90)
        studio.wait(0.5)
        studio.wait(0.2)
        studio.play(0x80, 70, 64)
        studio.wait(0.8)
    studio.obey(Stop())
    assert [recorded.pass_number for recorded in takes(studio)] == [0, 2]
    first, third = takes(studio)
    assert (first.start_ticks, first.end_ticks) == (0, 1440)
    assert (third.start_ticks, third.end_ticks) == (480, 1440)
    for recorded in (first, third):
        assert recorded.take.places_ticks == pytest.approx((960, 1440), abs=6)


def test_a_note_struck_just_before_the_turn_and_held_belongs_to_the_next_pass(studio):
    record(studio, loop=LoopRange(0, 480))
    studio.wait(0.1)
    play_note(studio)
    studio.wait(0.37)  # 20 ms before the turn
    play_note(studio, ms=200)
    studio.wait(0.5)
    studio.obey(Stop())
    first, second = takes(studio)
    assert onsets(first) == [pytest.approx(96, abs=6)]
    assert (second.pass_number, onsets(second)) == (1, [pytest.approx(-19, abs=6)])


def test_a_pass_that_is_told_late_loses_nothing_played_after_the_turn(studio):
    record(studio, loop=LoopRange(0, 480))
    studio.wait(0.4)
    play_note(studio, pitch=70)
    studio.wait(0.095)
    for pitch in (71, 72, 73):  # around the turn, faster than it is told
        play_note(studio, ms=5, pitch=pitch)
    studio.wait(0.2)
    studio.obey(Stop())
    pitches = [
        [event.data1 for event in recorded.take.events if event.is_note_on]
        for recorded in takes(studio)
    ]
    assert pitches == [[70], [71, 72, 73]]


def test_punching_in_and_out_records_what_is_between(studio):
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(0.5)
    play_note(studio, pitch=60)
    studio.wait(0.49)
    studio.play(0xB0, 64, 127)
    studio.wait(0.1)
    studio.obey(SetRecording(True))
    studio.wait(0.4)
    play_note(studio, pitch=62)
    studio.wait(0.49)
    studio.obey(SetRecording(False))
    play_note(studio, pitch=64)
    studio.wait(0.1)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert [event.data1 for event in recorded.take.events] == [64, 62, 62]
    assert recorded.take.places_ticks == pytest.approx((1056, 1440, 1450), abs=6)
    assert recorded.start_ticks == pytest.approx(1056, abs=6)
    assert recorded.end_ticks == pytest.approx(1920, abs=6)


def test_a_note_struck_just_before_punching_in_and_held_is_in(studio):
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(0.5)
    studio.play(0x90, 60, 90)
    studio.wait(0.46)
    studio.play(0x90, 62, 90)
    studio.wait(0.04)
    studio.obey(SetRecording(True))
    studio.wait(0.2)
    for pitch in (60, 62):
        studio.play(0x80, pitch, 64)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert [event.data1 for event in recorded.take.events] == [62, 62]
    assert onsets(recorded) == [pytest.approx(922, abs=6)]


def test_recording_is_shown_while_it_is_on(studio):
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(0.2)
    studio.obey(SetRecording(True))
    studio.wait(0.2)
    studio.obey(SetRecording(False))
    studio.wait(0.2)
    shown = [head.is_recording for head in studio.of(PlayheadMoved)]
    assert [one for one, other in pairwise([*shown, None]) if one != other] == [False, True, False]


def test_a_tempo_change_loses_nothing_of_a_recording(studio):
    record(studio)
    studio.wait(0.5)
    play_note(studio)
    studio.wait(0.49)
    studio.obey(PlayClip(NOTHING, Timebase.steady(60), None, is_endless=True, play_id=9))
    studio.wait(0.5)
    play_note(studio)
    studio.wait(0.1)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert onsets(recorded) == [pytest.approx(480, abs=6), pytest.approx(1200, abs=6)]
    assert recorded.play_id == 9


def test_the_clip_plays_on_while_recording_over_it(studio):
    studio.obey(PlayClip(CLIP, BEAT, loop=LoopRange(0, 480), is_recording=True))
    play_note(studio)
    studio.wait(0.6)
    assert {key.pitch for key in studio.of(KeyMoved) if key.is_playback} == {60, 64}
    assert len(takes(studio)) == 1


def test_pads_are_in_no_recording(studio):
    record(studio)
    studio.play(0x99, 36, 90)
    play_note(studio)
    studio.obey(Stop())
    [recorded] = takes(studio)
    assert {event.data1 for event in recorded.take.events} == {70}


def test_a_phrase_played_to_the_transport_knows_its_places_turns_unrolled(studio):
    studio.obey(PlayClip(NOTHING, BEAT, loop=LoopRange(0, 480)))
    studio.wait(0.4)
    for _ in range(3):
        play_note(studio)
        studio.wait(0.49)
    studio.obey(GrabPhrase())
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.places_ticks == pytest.approx((384, 394, 864, 874, 1344, 1354), abs=6)


def test_a_key_let_go_after_stop_is_placed_as_if_the_transport_had_run_on(studio):
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(0.5)
    play_note(studio, ms=100)
    studio.play(0x90, 72, 90)
    studio.wait(0.1)
    studio.obey(Stop())
    studio.wait(0.5)
    studio.play(0x80, 72, 64)
    studio.wait(2)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.places_ticks == pytest.approx((480, 576, 576, 1152), abs=12)


def test_a_phrase_played_partly_without_the_transport_has_no_places(studio):
    play_note(studio)
    studio.obey(PlayClip(NOTHING, BEAT, is_endless=True))
    studio.wait(0.5)
    play_note(studio)
    studio.wait(3)
    [captured] = studio.of(PhraseCaptured)
    assert captured.take.places_ticks == ()
