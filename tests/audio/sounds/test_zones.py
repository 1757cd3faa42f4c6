from hypothesis import given
from hypothesis import strategies as st

from musicassist.audio.sounds.zones import brightness_steps, spread


@given(st.integers(20, 60), st.integers(1, 8), st.integers(1, 8))
def test_every_key_has_one_sample_at_most_half_a_step_away(first, step, n_samples):
    last = first + step * (n_samples - 1)
    zones = spread(first, last, step)
    keys = [key for _pitch, (low, high) in zones for key in range(low, high + 1)]
    assert keys == list(range(128))
    for pitch, (low, high) in zones:
        assert all(
            abs(key - pitch) <= (step + 1) // 2
            for key in range(max(low, first), min(high, last) + 1)
        )


@given(st.sampled_from([(0, 127), (0, 75), (76, 127)]), st.integers(1, 6), st.integers(30, 90))
def test_every_velocity_has_one_filter_the_harder_the_brighter(velocities, n_parts, pitch):
    steps = brightness_steps(velocities, [500.0 * 2**n for n in range(n_parts)], pitch)
    low, high = velocities
    found = [v for (first, last), _cents in steps for v in range(first, last + 1)]
    assert found == list(range(low, high + 1))
    assert [cents for _part, cents in steps] == sorted(cents for _part, cents in steps)
