"""Models as folders: what one holds, whether it can be trusted, and opening it.

A model is a folder of `manifest.toml`, `step.onnx`, often `tensors.npz`, and `MODEL_CARD.md` for
people. The manifest names every file with its size and checksum; nothing else is opened, nothing
in it is run, and a file is read once: the bytes that were checked are the bytes that are used.
"""

import hashlib
import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musicassist.errors import ModelError, OutputError
from musicassist.generation.runtime import import_onnxruntime
from musicassist.generation.soloist import Soloist

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT_VERSION: Final = 1
MANIFEST_NAME: Final = "manifest.toml"
GRAPH_NAME: Final = "step.onnx"
TENSORS_NAME: Final = "tensors.npz"
CARD_NAME: Final = "MODEL_CARD.md"
RECIPES: Final = ("classic", "solo")
CELLS: Final = ("gru", "lstm")

LARGEST_MANIFEST_BYTES: Final = 256 * 1024
LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024
LARGEST_TENSORS_BYTES: Final = 64 * 1024 * 1024  # unpacked, all together
MOST_TENSORS: Final = 256
MOST_FILES: Final = 16

Figure = float | int | str

_TRUST_HINT: Final = "Use a model from a source you trust, or train it again."
_AGAIN_HINT: Final = "Copy the model folder again, or train it again."


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model.

    Attributes:
        name: Its name in the model's folder, without any path.
        sha256: Checksum, 64 hexadecimal digits.
        n_bytes: Size.
    """

    name: str
    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True)
class DataSource:
    """Something a model was trained on.

    Attributes:
        name: What it is called.
        licence: On what terms it may be used.
    """

    name: str
    licence: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a model says about itself.

    Attributes:
        model_id: Short name, saved with every solo.
        title: Name shown to people.
        recipe: "classic" or "solo": how it was made, and so which class plays it.
        cell: "gru" or "lstm".
        encoding_version: Which version of its recipe's encoding it speaks.
        sizes: Whole numbers its player needs: window, layers, units, vocabulary.
        files: Every file but the manifest and the card.
        operators: The ONNX operators its graph uses; others are refused.
        data: What it was trained on.
        figures: What was measured: losses, parity with Keras, time a step.
        format_version: Version of the manifest itself.
    """

    model_id: str
    title: str
    recipe: str
    cell: str
    encoding_version: int
    sizes: Mapping[str, int]
    files: tuple[ModelFile, ...] = ()
    operators: tuple[str, ...] = ()
    data: tuple[DataSource, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def size(self, name: str) -> int:
        """Return one of the sizes.

        Raises:
            ModelError: The manifest does not name it, or it is not positive.
        """
        value = self.sizes.get(name, 0)
        if value < 1:
            raise ModelError(
                f"The model {self.model_id} does not say its size '{name}'.", _AGAIN_HINT
            )
        return value


def find_models(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Return the model folders that lie directly in any of some folders, sorted by name.

    Folders that do not exist hold no models. Whether a model can be used shows when it is opened.
    """
    found = {
        child
        for folder in folders
        if folder.is_dir()
        for child in folder.iterdir()
        if (child / MANIFEST_NAME).is_file()
    }
    return tuple(sorted(found, key=lambda each: (each.name, str(each))))


def open_soloist(folder: Path) -> Soloist:
    """Open a model, whatever its recipe.

    Raises:
        ModelError: The folder holds no model, or one that is damaged or not to be trusted.
    """
    manifest = load_manifest(folder)
    if manifest.recipe == "classic":
        from musicassist.generation.classic import ClassicSoloist

        return ClassicSoloist(folder, manifest)
    from musicassist.generation.solo import SoloSoloist

    return SoloSoloist(folder, manifest)


def load_manifest(folder: Path) -> Manifest:
    """Read and check a model's manifest.

    Raises:
        ModelError: There is no such folder or manifest, or it cannot be used.
    """
    if not folder.is_dir():
        raise ModelError(
            f"There is no model folder {folder}.", "Name a folder that holds a manifest.toml."
        )
    path = folder / MANIFEST_NAME
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_MANIFEST_BYTES + 1)
    except FileNotFoundError:
        raise ModelError(
            f"The folder {folder} holds no model: there is no {MANIFEST_NAME}.",
            "Name a folder that 'musicassist train' wrote, or one of the models that came along.",
        ) from None
    except OSError as error:
        raise ModelError(
            f"The model's manifest {path} cannot be read ({error.strerror}).",
            "Check the permissions of the folder.",
        ) from None
    try:
        if len(data) > LARGEST_MANIFEST_BYTES:
            raise ValueError("it is too long")
        return _manifest_from(tomllib.loads(data.decode("utf-8")))
    except ModelError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(
            f"The model's manifest {path} is damaged ({error}).", _AGAIN_HINT
        ) from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a model's manifest.

    Raises:
        OutputError: The file cannot be written.
    """
    path = folder / MANIFEST_NAME
    try:
        path.write_text(_toml_from(manifest), encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(
            f"The model's manifest {path} cannot be written ({error.strerror}).",
            "Choose a folder you may write to, on a disk with room.",
        ) from None


def describe_file(folder: Path, name: str) -> ModelFile:
    """Return the manifest's entry for a file that lies in a model's folder."""
    data = (folder / name).read_bytes()
    return ModelFile(name, hashlib.sha256(data).hexdigest(), len(data))


def load_file(folder: Path, manifest: Manifest, name: str) -> bytes:
    """Read one of a model's files, if it is what the manifest says.

    Raises:
        ModelError: The manifest does not name it, it is missing, or it is another file.
    """
    entry = next((each for each in manifest.files if each.name == name), None)
    if entry is None:
        raise ModelError(f"The model {manifest.model_id} names no file {name}.", _AGAIN_HINT)
    try:
        with (folder / name).open("rb") as stream:
            data = stream.read(entry.n_bytes + 1)
    except OSError as error:
        raise ModelError(
            f"The model's file {folder / name} cannot be read ({error.strerror}).", _AGAIN_HINT
        ) from None
    if len(data) != entry.n_bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
        raise ModelError(
            f"The model's file {folder / name} is not the one its manifest describes.", _AGAIN_HINT
        )
    return data


def load_graph(folder: Path, manifest: Manifest, name: str = GRAPH_NAME) -> Any:
    """Return an `onnxruntime.InferenceSession` for a model's graph, on one thread.

    Raises:
        ModelError: The file is not what the manifest says, or holds what is not allowed.

    Thread: any; the session may be run from one thread at a time.
    """
    data = load_file(folder, manifest, name)
    from musicassist.generation.graph_check import check_graph  # late: looking needs none of it

    check_graph(data, manifest.operators)
    onnxruntime = import_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # faster than two for networks of this size
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 3  # errors only: they are raised as well
    # The runtime would otherwise guess the format, and read what was not checked.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # noqa: BLE001  (the runtime's exceptions share no base class)
        first_line = str(error).strip().splitlines()[0][:200] if str(error).strip() else "no reason"
        raise ModelError(
            f"The network of the model {manifest.model_id} cannot be used ({first_line}).",
            _AGAIN_HINT,
        ) from None


def load_tensors(
    folder: Path, manifest: Manifest, name: str = TENSORS_NAME
) -> "dict[str, npt.NDArray[Any]]":
    """Return a model's plain arrays by name.

    Raises:
        ModelError: The file is not what the manifest says, or holds anything but plain arrays.
    """
    data = load_file(folder, manifest, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            n_bytes = sum(member.file_size for member in members)
            if len(members) > MOST_TENSORS or n_bytes > LARGEST_TENSORS_BYTES:
                raise ValueError("it holds too much")
            return {
                member.filename.removesuffix(".npy"): _plain_array(
                    _unpacked(archive, member), member.file_size
                )
                for member in members
            }
    except Exception as error:  # noqa: BLE001  (zipfile, zlib and NumPy raise anything on odd bytes)
        raise ModelError(
            f"The model's file {folder / name} cannot be used ({error}).", _TRUST_HINT
        ) from None


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes, never making room for more of them than it announces.

    `ZipFile.read` unpacks first and compares afterwards, and other packings cannot be read in part.
    """
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError("it is packed in a way that is not allowed")
    with archive.open(member) as stream:
        return stream.read(member.file_size + 1)


def _plain_array(data: bytes, n_bytes: int) -> "npt.NDArray[Any]":
    """Return the array in an .npy file's bytes, once its header fits them.

    The header is compared first because NumPy makes room for what a header claims before it reads.
    """
    import numpy as np  # the window opens before it is needed

    if len(data) != n_bytes:
        raise ValueError("it is shorter than it says")
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError("an array is of a newer format")
    shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    if dtype.hasobject or dtype.names is not None:
        raise ValueError("it holds more than plain arrays")
    n_values = 1
    for length in shape:
        n_values *= length
    if n_values * dtype.itemsize != n_bytes - stream.tell() or min(shape, default=1) < 0:
        raise ValueError("an array is not as long as it says")
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)


def _manifest_from(table: dict[str, Any]) -> Manifest:
    """Return the manifest a TOML table holds.

    Raises:
        ModelError: It is from a newer program, or names what it must not.
        KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
    """
    version = _checked(table["format_version"], int)
    if version > FORMAT_VERSION:
        raise ModelError(
            "The model was made by a newer version of the program.", "Update MusicAssist."
        )
    recipe = _checked(table["recipe"], str)
    cell = _checked(table["cell"], str)
    if recipe not in RECIPES or cell not in CELLS:
        raise ValueError(f"recipe {recipe!r} and cell {cell!r} are not known")
    files = tuple(
        _checked_file(
            ModelFile(
                _checked(entry["name"], str),
                _checked(entry["sha256"], str),
                _checked(entry["n_bytes"], int),
            )
        )
        for entry in table.get("files", [])
    )
    if len(files) > MOST_FILES:
        raise ValueError(f"it names more than {MOST_FILES} files")
    return Manifest(
        model_id=_checked(table["model_id"], str),
        title=_checked(table["title"], str),
        recipe=recipe,
        cell=cell,
        encoding_version=_checked(table["encoding_version"], int),
        sizes={name: _checked(value, int) for name, value in table["sizes"].items()},
        files=files,
        operators=tuple(_checked(each, str) for each in table["operators"]),
        data=tuple(
            DataSource(_checked(each["name"], str), _checked(each["licence"], str))
            for each in table.get("data", [])
        ),
        figures={
            name: _checked(value, float, int, str)
            for name, value in table.get("figures", {}).items()
        },
        format_version=version,
    )


def _checked(value: Any, *kinds: type) -> Any:
    # A TOML boolean is a Python int too, and never meant here.
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise TypeError(f"{value!r:.60} is not a {' or '.join(kind.__name__ for kind in kinds)}")
    return value


def _checked_file(entry: ModelFile) -> ModelFile:
    name = entry.name
    if not name or set(name) & set('/\\:\0<>"|?*') or name.startswith("."):
        raise ModelError(f"The model names a file outside its folder ({name[:80]!r}).", _TRUST_HINT)
    if not 0 <= entry.n_bytes <= LARGEST_FILE_BYTES:
        raise ModelError(
            f"The model's file {name} is larger than {LARGEST_FILE_BYTES >> 20} MB.", _TRUST_HINT
        )
    return entry


def _toml_from(manifest: Manifest) -> str:
    lines = [
        f"format_version = {manifest.format_version}",
        f"model_id = {_toml_value(manifest.model_id)}",
        f"title = {_toml_value(manifest.title)}",
        f"recipe = {_toml_value(manifest.recipe)}",
        f"cell = {_toml_value(manifest.cell)}",
        f"encoding_version = {manifest.encoding_version}",
        f"operators = [{', '.join(_toml_value(each) for each in manifest.operators)}]",
    ]
    for title, table in (("sizes", manifest.sizes), ("figures", manifest.figures)):
        lines += ["", f"[{title}]"]
        lines += [f"{_toml_key(name)} = {_toml_value(value)}" for name, value in table.items()]
    for entry in manifest.files:
        lines += ["", "[[files]]", f"name = {_toml_value(entry.name)}"]
        lines += [f"sha256 = {_toml_value(entry.sha256)}", f"n_bytes = {entry.n_bytes}"]
    for source in manifest.data:
        lines += ["", "[[data]]", f"name = {_toml_value(source.name)}"]
        lines += [f"licence = {_toml_value(source.licence)}"]
    return "\n".join(lines) + "\n"


def _toml_key(name: str) -> str:
    is_bare = re.fullmatch(r"[A-Za-z0-9_-]+", name, re.ASCII)
    return name if is_bare else _toml_value(name)


def _toml_value(value: Figure) -> str:
    """Return a string or a number as TOML; JSON's escapes are TOML's but for one character."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
