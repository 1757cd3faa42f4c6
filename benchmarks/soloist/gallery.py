"""What the soloist answers to twelve phrases, drawn and counted, beside the author's `classic`.

    python benchmarks/soloist/gallery.py [MODEL] --classic MODEL [--out benchmarks/soloist/gallery]

For every phrase of `primers.py` the folder gets a picture and a MIDI file of each answer (what the
window shows first: the best of four takes, seed 1), and `README.md` with what was counted and with
the words of `judgements.toml`. Those are somebody's, after looking: the file says of which answers
they speak, and where those are others by now they are left out. MODEL is the newest shipped model.
"""

import argparse
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from picture import Roll, draw_sheet, write_png
from primers import PRIMERS, Primer

from musicassist.evaluation.harmony import CHORD_TONES, KEY_SCALE, harmony_of
from musicassist.evaluation.motifs import motifs
from musicassist.files.smf_write import tracks_bytes
from musicassist.generation import primer_harmony
from musicassist.generation.encoding import TICKS_PER_STEP, Line, Setting, line_from_ticks
from musicassist.generation.leading_line import leading_line
from musicassist.generation.model_store import find_models, open_soloist
from musicassist.generation.soloist import Harmony, Soloist, SoloRequest
from musicassist.music.clip import Clip
from musicassist.music.keys import pitch_name
from musicassist.music.note import Note
from musicassist.music.solo import Solo, moved_later
from musicassist.music.timebase import TICKS_PER_BEAT
from musicassist.paths import models_folder

N_BARS: Final = 8
SEED: Final = 1
MARKED_NOTES: Final = 4  # a shorter run in common is in every line
JUDGEMENTS: Final = "judgements.toml"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and what was counted in it.

    Attributes:
        solo: The answer.
        returning: For each of its notes, whether it belongs to a motif of the primer.
        facts: By column of the table.
    """

    solo: Solo
    returning: tuple[bool, ...]
    facts: Mapping[str, str]


def main() -> None:
    """Answer, draw, count and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path, nargs="?", default=newest_shipped())
    parser.add_argument("--classic", type=Path, required=True, help="see classic_peer.py")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "gallery")
    parser.add_argument("--only", help="one phrase, by its name")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    soloists = {"solo": open_soloist(options.model), "classic": open_soloist(options.classic)}
    answered = {}
    for primer in PRIMERS:
        if options.only in (None, primer.name):
            answered[primer.name] = answers_to(primer, soloists, options.out)
            for answer in answered[primer.name]:
                print(f"{primer.name:14} {answer.solo.model_id:14} {answer.facts}", flush=True)
    if options.only is None:
        ids = [soloist.model_id for soloist in soloists.values()]
        judgements = judgements_of(options.out / JUDGEMENTS, answered)
        text = readme(answered, *ids, judgements)
        (options.out / "README.md").write_text(text, encoding="utf-8")


def newest_shipped() -> Path | None:
    """Return the folder of the newest model that comes with the program."""
    shipped = find_models([models_folder()])
    return shipped[-1] if shipped else None


def answers_to(primer: Primer, soloists: Mapping[str, Soloist], folder: Path) -> list[Answer]:
    """Let all soloists answer a phrase, and write the picture and the files."""
    request = SoloRequest(
        primer.clip,
        primer.timebase,
        primer.wished_key,
        primer.progression,
        n_bars=N_BARS,
        seed=SEED,
    )
    harmony = harmony_for(request)
    answers = []
    for name, soloist in soloists.items():
        solo = soloist.continue_phrase(request)[0]
        answers.append(counted(solo, request, harmony))
        later = moved_later(solo.clip, request.answer_start_ticks)
        data = tracks_bytes([primer.clip, later], primer.timebase, harmony.key, primer.title)
        (folder / f"{primer.name}-{name}.mid").write_bytes(data)
    rolls = [
        Roll(
            answer.solo.model_id,
            " · ".join(f"{column} {value}" for column, value in answer.facts.items()),
            primer.clip,
            answer.solo.clip,
            request.answer_start_ticks,
            primer.timebase,
            harmony.progression,
            answer.returning,
        )
        for answer in answers
    ]
    meter = "/".join(str(each) for each in primer.meter)
    heard = "" if primer.chords else ", chords read from the phrase"
    subtitle = f"{primer.tempo_bpm} bpm, {meter}, {harmony.key.name}{heard}"
    write_png(draw_sheet(primer.title, subtitle, rolls), folder / f"{primer.name}.png")
    return answers


def harmony_for(request: SoloRequest) -> Harmony:
    """Return the key and chords that were wished, or what the soloist reads in the phrase."""
    if request.progression is None:
        return primer_harmony.harmony_of(
            request.primer, request.timebase, request.key, request.answer_end_ticks
        )
    chords = request.progression.looped_to(request.answer_end_ticks)
    key = request.key or primer_harmony.key_over(request.primer, request.timebase, chords)
    return Harmony(key, chords)


def counted(solo: Solo, request: SoloRequest, harmony: Harmony) -> Answer:
    """Return an answer with what can be counted in it; of chords, the notes on top."""
    start = request.answer_start_ticks // TICKS_PER_STEP
    top = leading_line(solo.clip)
    primer, answer = line_of(leading_line(request.primer)), line_of(top)
    placed = Line(answer.onsets + start, answer.pitches, answer.lengths, answer.micros)
    fits = harmony_of(placed, Setting.of(harmony.progression, harmony.key))
    played, answered = (motifs(each, with_rhythm=False) for each in (primer, answer))
    pitches = [note.pitch for note in solo.clip.notes]
    facts = {
        "notes a bar": f"{len(pitches) / request.n_bars:.1f}",
        "range": "-".join(pitch_name(each(pitches), harmony.key) for each in (min, max)),
        "chord tones": percent(sum(fits[CHORD_TONES]), len(fits[CHORD_TONES])),
        "in key": percent(sum(fits[KEY_SCALE]), len(fits[KEY_SCALE])),
        "motifs back": percent(len(played & answered), len(played)),
        "silent": percent(silent_ticks(solo.clip), solo.clip.length_ticks),
        "last note": closing(solo.clip, request, harmony),
    }
    marked = marked_notes(answer, {motif for motif in played if len(motif) == MARKED_NOTES - 1})
    returning = {note for note, is_marked in zip(top, marked, strict=True) if is_marked}
    return Answer(solo, tuple(note in returning for note in solo.clip.notes), facts)


def line_of(notes: tuple[Note, ...]) -> Line:
    """Return notes on the grid."""
    return line_from_ticks(
        [note.onset_ticks for note in notes],
        [note.duration_ticks for note in notes],
        [note.pitch for note in notes],
    )


def marked_notes(line: Line, wanted: set[tuple[tuple[int, int], ...]]) -> list[bool]:
    """Return for each note whether it stands in one of these successions of intervals."""
    marked = [False] * len(line.pitches)
    steps = [(int(interval), 0) for interval in np.diff(line.pitches)]
    for start in range(len(marked) - MARKED_NOTES + 1):
        if tuple(steps[start : start + MARKED_NOTES - 1]) in wanted:
            marked[start : start + MARKED_NOTES] = [True] * MARKED_NOTES
    return marked


def silent_ticks(clip: Clip) -> int:
    """Return how long nothing sounds, gaps below a quarter of a beat not counted."""
    at_ticks = silent = 0
    for note in clip.notes:
        gap_ticks = note.onset_ticks - at_ticks
        silent += gap_ticks if gap_ticks >= TICKS_PER_BEAT // 4 else 0
        at_ticks = max(at_ticks, note.end_ticks)
    return silent + max(0, clip.length_ticks - at_ticks)


def closing(clip: Clip, request: SoloRequest, harmony: Harmony) -> str:
    """Return the last note, what it stands over, and where."""
    note = clip.notes[-1]
    at_ticks = request.answer_start_ticks + note.onset_ticks
    chord = harmony.progression.chord_at(at_ticks) if harmony.progression is not None else None
    place = request.timebase.position_at(at_ticks)
    bar = place.bar - request.timebase.bar_at(request.answer_start_ticks)
    over = "" if chord is None else f" over {chord.text or 'NC'}"
    return f"{pitch_name(note.pitch, harmony.key)}{over}, bar {bar} count {place.count}"


def percent(part: float, whole: float) -> str:
    """Return a share in words."""
    return f"{100 * part / whole:.0f} %" if whole else "-"


def judgements_of(path: Path, answered: Mapping[str, list[Answer]]) -> dict[str, str]:
    """Return somebody's words on each phrase's answers, none where they speak of others."""
    said = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {"answers": ""}
    clips = repr([answers[0].solo.clip for answers in answered.values()])
    present = hashlib.sha256(clips.encode()).hexdigest()[:12]
    if said["answers"] != present:
        print(f"{path.name} speaks of other answers: look at these, and write {present!r} there")
        return {}
    return {name: " ".join(words.split()) for name, words in said["words"].items()}


def readme(
    answered: Mapping[str, list[Answer]],
    model_id: str,
    classic_id: str,
    judgements: Mapping[str, str],
) -> str:
    """Return the gallery as a page."""
    lines = [
        "# Twelve phrases, answered",
        "",
        f"`{model_id}` beside the author's network (`{classic_id}`), asked the same: {N_BARS} "
        f"bars, the best of four takes, seed {SEED}, everything else as the window asks at first. "
        "`gallery.py` made all of this but the judgements. Orange was played, blue answered; what "
        f"is green repeats {MARKED_NOTES} notes or more of the phrase, in any key. Lighter is "
        "louder. Key and chords are those given, or those our soloist reads in the phrase; the "
        "author's network finds a key of its own, and knows no rhythm but half beats.",
        "",
    ]
    if "all" in judgements:
        lines += [judgements["all"], ""]
    for primer in PRIMERS:
        facts = {answer.solo.model_id: answer.facts for answer in answered[primer.name]}
        columns = list(next(iter(facts.values())))
        lines += [
            f"## {primer.title}",
            "",
            f"![{primer.title}]({primer.name}.png)",
            "",
            f"Chords: {primer.chords.replace('|', '·') or 'none given'}. "
            f"Files: [solo]({primer.name}-solo.mid), [classic]({primer.name}-classic.mid).",
            "",
            f"| | {' | '.join(columns)} |",
            f"|---{'|---' * len(columns)}|",
            *(f"| {name} | {' | '.join(each.values())} |" for name, each in facts.items()),
            "",
        ]
        if primer.name in judgements:
            lines += [judgements[primer.name], ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
