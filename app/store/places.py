"""Whether a folder lies on a drive of another machine, where SQLite's shared memory and locks do not hold."""

from pathlib import Path

#: kinds of file systems that reach over a network, as Linux names them
NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "9p", "fuse.sshfs"})
MOUNTS = Path("/proc/mounts")


def network_drive(folder: Path, mounts: str | None = None) -> str | None:
    """The kind of network file system the folder lies on, or None; None too where the system does not say.

    `mounts`: lines as Linux keeps them, "device place kind options …".
    """
    if mounts is None:
        mounts = MOUNTS.read_text() if MOUNTS.exists() else ""
    real = folder.resolve()
    found = [
        (len(place.parts), kind)
        for _, place, kind in (_mount(line) for line in mounts.splitlines() if line.count(" ") >= 2)
        if real == place or place in real.parents
    ]
    kind = max(found, default=(0, ""))[1]
    return kind if kind in NETWORK else None


def _mount(line: str) -> tuple[str, Path, str]:
    device, place, kind = line.split(" ")[:3]
    return device, Path(place.replace("\\040", " ")), kind
