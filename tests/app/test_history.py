"""Undo and redo."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from musicassist.app.history import History
from musicassist.music.session import Session


def named(name: str) -> Session:
    return replace(Session(), name=name)


@given(st.lists(st.text(min_size=1), min_size=1, max_size=20))
def test_undo_walks_back_through_every_state_and_redo_forward(names: list[str]) -> None:
    history = History(named(""))
    for name in names:
        history.do(f"to {name}", named(name))
    for name in reversed(names):
        assert history.session == named(name)
        assert history.undo() == f"to {name}"
    assert history.session == named("")
    assert history.undo() == ""
    for name in names:
        assert history.redo() == f"to {name}"
        assert history.session == named(name)
    assert history.redo() == ""


def test_a_new_step_forgets_what_was_undone() -> None:
    history = History(named("a"))
    history.do("b", named("b"))
    history.undo()
    history.do("c", named("c"))
    assert history.redo_name == ""
    assert history.undo_name == "c"


def test_movements_of_one_slider_are_one_step() -> None:
    history = History(named("a"))
    for name in ("b", "c", "d"):
        history.do("Change timing", named(name), merge_key="strength")
    assert history.undo() == "Change timing"
    assert history.session == named("a")


def test_movements_with_something_between_are_two_steps() -> None:
    history = History(named("a"))
    history.do("Change timing", named("b"), merge_key="strength")
    history.do("Change key", named("c"))
    history.do("Change timing", named("d"), merge_key="strength")
    history.undo()
    assert history.session == named("c")


def test_amending_is_no_step_and_survives_undo_and_redo() -> None:
    history = History(named("a"))
    history.do("b", named("b"))
    history.amend(named("b, seen"))
    assert history.undo_name == "b"
    history.undo()
    history.redo()
    assert history.session == named("b, seen")


def test_movements_of_two_controls_are_two_steps() -> None:
    history = History(named("a"))
    history.do("Change timing", named("b"), merge_key="strength")
    history.do("Change timing", named("c"), merge_key="grid")
    history.undo()
    assert history.session == named("b")


def test_a_slider_pulled_back_to_where_it_was_is_no_step() -> None:
    history = History(named("a"))
    history.do("Change key", named("b"))
    for name in ("c", "b"):
        history.do("Change timing", named(name), merge_key="strength")
    assert history.undo_name == "Change key"
    history.do("Change timing", named("c"), merge_key="strength")
    history.undo()
    assert history.session == named("b")
