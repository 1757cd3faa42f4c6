import pytest

from musicassist.checkup.packages import PORTAUDIO, how_to_install


@pytest.mark.parametrize(
    ("os_release", "said"),
    [
        ("ID=debian\n", "type 'sudo apt install libportaudio2'"),
        ("NAME=Mint\nID=linuxmint\nID_LIKE='ubuntu debian'\n", "type 'sudo apt install libporta"),
        ('ID="fedora"\n', "type 'sudo dnf install portaudio'"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "type 'sudo dnf install portaudio'"),
        ("ID=manjaro\nID_LIKE=arch\n", "type 'sudo pacman -S portaudio'"),
        ("ID=gentoo\n", "install libportaudio2 (Debian, Ubuntu), portaudio (Fedora) or"),
        ("\0 nonsense", "install libportaudio2 (Debian, Ubuntu), portaudio (Fedora) or"),
        (None, "install libportaudio2 (Debian, Ubuntu), portaudio (Fedora) or"),
    ],
)
def test_each_distribution_is_told_its_own_command(os_release, said, tmp_path):
    if os_release is not None:
        (tmp_path / "etc").mkdir()
        (tmp_path / "etc" / "os-release").write_text(os_release)
    assert how_to_install(PORTAUDIO, tmp_path).startswith(said)
