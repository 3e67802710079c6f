"""A machine with a real systemd as PID 1: a small Debian in systemd-nspawn, fresh at every boot.

The root file system is made once by mmdebstrap and cached; a boot puts a tmpfs over it, so no test
sees what another has left. Nothing is registered with the host's systemd, and the machine has a
network of its own. Needs root, cgroup v2 mounted somewhere, mmdebstrap and systemd-nspawn.
"""

import os
import pathlib
import shutil
import subprocess
import time

SYSTEM_PACKAGES = ["systemd", "systemd-sysv", "dbus", "libseccomp2"]
BOOT_SECONDS_MAX = 60
CGROUP_MOUNT = "/sys/fs/cgroup"


class LabUnavailable(Exception):
    """This host cannot run the lab; the text says why."""


def _output(*command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def check_host():
    """Raises LabUnavailable unless this host can run the lab."""
    if os.geteuid() != 0:
        raise LabUnavailable("needs root")
    for tool in ("mmdebstrap", "systemd-nspawn", "nsenter", "unshare"):
        if not shutil.which(tool):
            raise LabUnavailable(f"needs {tool}")
    if not _cgroup2():
        raise LabUnavailable("needs a mounted cgroup v2 (mount -t cgroup2)")


def _cgroup2():
    mounts = _output("findmnt", "-nt", "cgroup2", "-o", "TARGET").splitlines()
    return pathlib.Path(mounts[0]) if mounts else None


def packages_of(binary):
    """The Debian packages of the shared libraries that `binary` loads."""
    packages = set()
    for line in _output("ldd", str(binary)).splitlines():
        words = line.split()
        if len(words) < 3 or words[1] != "=>":
            continue
        real = pathlib.Path(words[2]).resolve()
        # dpkg knows a file by the path in its package, with or without the merged /usr.
        for path in (str(real), str(real).removeprefix("/usr")):
            if owner := _output("dpkg-query", "-S", path):
                packages.add(owner.split(":")[0])
                break
    return sorted(packages)


def build_root(folder, libraries):
    """The cached root file system with `libraries` in it; about 25 s the first time."""
    root, packages = pathlib.Path(folder), SYSTEM_PACKAGES + libraries
    stamp = root / "etc/tariffd-lab-packages"
    if stamp.exists() and stamp.read_text() == " ".join(packages):
        return root
    subprocess.run(["rm", "-rf", "--one-file-system", str(root)], check=True)
    release = pathlib.Path("/etc/os-release").read_text()
    suite = release.split("VERSION_CODENAME=")[1].split()[0]
    print(f"making a Debian {suite} root in {root}", flush=True)
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(packages)}",
               suite, str(root)]
    # The host's own sources, so that a mirror stays a mirror.
    sources = [path for path in ("/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list")
               if os.path.exists(path) and os.path.getsize(path)]
    made = subprocess.run(command + sources[:1], capture_output=True, text=True)
    if made.returncode != 0:
        raise LabUnavailable(f"mmdebstrap failed: {made.stderr.strip()[-500:]}")
    (root / "etc/machine-id").write_text("")
    stamp.write_text(" ".join(packages))
    return root


class Lab:
    """`with Lab(root, log) as lab:` boots, and powers off at the end."""

    def __init__(self, root, log):
        self._root, self._log = root, log
        self._name = f"tariffd-lab-{os.getpid()}"
        self._cgroup = _cgroup2() / self._name
        self._nspawn = None
        self._leader = None  # PID 1 of the lab, as the host sees it

    def __enter__(self):
        # A cgroup of our own keeps nspawn's out of the host's tree. In a mount namespace of its
        # own nspawn sees a host with cgroup v2 alone, also where v1 is mounted beside it.
        script = """
            mkdir -p "$1"; echo $$ > "$1/cgroup.procs"
            exec unshare --mount --propagation private sh -c '
              umount -R "$0"; mount -t cgroup2 cgroup2 "$0"; exec "$@"' "$2" "${@:3}" """
        nspawn = ["systemd-nspawn", "--quiet", "--keep-unit", "--register=no", "--boot",
                  f"--machine={self._name}", f"--directory={self._root}", "--volatile=overlay",
                  "--console=pipe", "--link-journal=no", "--private-network"]
        with open(self._log, "wb") as log:
            self._nspawn = subprocess.Popen(
                ["bash", "-c", script, "lab", str(self._cgroup), CGROUP_MOUNT, *nspawn],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            self._wait_for_boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_for_boot(self):
        deadline = time.monotonic() + BOOT_SECONDS_MAX
        children = pathlib.Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children")
        while time.monotonic() < deadline:
            if self._nspawn.poll() is not None:
                raise LabUnavailable(f"systemd-nspawn ended: {self.console()[-500:]}")
            self._leader = children.read_text().strip()
            state = self._leader and self.run(
                "systemctl", "is-system-running", "--wait", check=False).stdout.strip()
            if state in ("running", "degraded"):
                return
            time.sleep(0.05)
        raise LabUnavailable(f"no systemd after {BOOT_SECONDS_MAX} s: {self.console()[-500:]}")

    def __exit__(self, *_):
        self._nspawn.terminate()  # nspawn powers the machine off
        try:
            self._nspawn.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._nspawn.kill()
            self._nspawn.wait()
        for folder, _, _ in os.walk(self._cgroup, topdown=False):
            try:
                os.rmdir(folder)
            except OSError:  # a process is still on its way out; an empty cgroup costs nothing
                pass

    def console(self):
        return pathlib.Path(self._log).read_text(errors="replace")

    def enter(self, *command):
        """The command line that runs `command` inside."""
        return ["nsenter", "-t", self._leader, "-a", "--", *command]

    def run(self, *command, check=True, text_in=None, timeout=30):
        """Runs `command` inside as root; output is text."""
        done = subprocess.run(self.enter(*command), input=text_in or "", capture_output=True, text=True,
                              timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: exit {done.returncode}: "
                                 f"{done.stdout}{done.stderr}")
        return done

    def path(self, inside):
        """Where the host finds the lab's file `inside` (absolute)."""
        return pathlib.Path(f"/proc/{self._leader}/root{inside}")

    def write(self, inside, text):
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        self.path(inside).write_text(text)

    def install(self, source, inside, mode=0o644):
        self.path(inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, self.path(inside))
        self.path(inside).chmod(mode)

    def wait_until(self, condition, what, seconds_max=15):
        """Polls `condition` until it is true; asserts that it becomes true in time."""
        deadline = time.monotonic() + seconds_max
        while not (value := condition()):
            assert time.monotonic() < deadline, f"not within {seconds_max} s: {what}"
            time.sleep(0.02)
        return value
