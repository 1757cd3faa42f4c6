"""What the controls of a keyboard do is told, and told anew when one was learnt or forgotten."""

from musicassist.engine.protocol import (
    ControlLearned,
    ControlUse,
    ForgetControls,
    InputPortsChanged,
    LearnControl,
)

KNOB = (0xB0, 70, 64)  # of no profile


def uses(studio, port):
    """Return what the engine said last of the controls of a keyboard."""
    ports = studio.of(InputPortsChanged)[-1].ports
    return next(each.controls for each in ports if each.name == port)


def test_a_keyboard_comes_with_what_its_profile_says(open_studio):
    studio = open_studio(ports=("V49", "Keys"))
    studio.step()
    assert ControlUse("surprise", "CC 20") in uses(studio, "V49")
    assert not any(each.is_learnt for each in uses(studio, "V49"))
    assert uses(studio, "Keys") == ()


def test_what_is_learnt_is_told_as_learnt_and_gone_when_forgotten(open_studio, tmp_path):
    studio = open_studio(ports=("V49",), controllers_folder=tmp_path)
    studio.step()
    came = uses(studio, "V49")
    studio.obey(LearnControl("surprise"))
    studio.play(*KNOB, port="V49")
    studio.step()
    assert studio.of(ControlLearned) == [ControlLearned("surprise", "CC 70", "V49")]
    learnt = ControlUse("surprise", "CC 70", is_learnt=True)
    assert set(uses(studio, "V49")) == {*came, learnt} - {ControlUse("surprise", "CC 20")}
    studio.obey(ForgetControls("V49"))
    assert uses(studio, "V49") == came


def test_an_unknown_keyboard_is_taught_alone(open_studio):
    studio = open_studio(ports=("Keys", "More keys"))
    studio.step()
    studio.obey(LearnControl("tempo"))
    studio.play(*KNOB, port="Keys")
    studio.step()
    assert uses(studio, "Keys") == (ControlUse("tempo", "CC 70", is_learnt=True),)
    assert uses(studio, "More keys") == ()
