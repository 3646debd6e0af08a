"""What the notebooks share: the processes they start, and how their pictures look.

Everything that is about Decant itself (what a record holds, how a topic is read) stands in the notebooks, where it is
to be seen.
"""

import atexit
import io
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.core.pylabtools import print_figure
from matplotlib import mlab
from matplotlib.figure import Figure
from PIL import Image

#: The folder that Decant lies in.
HOME = pathlib.Path(__file__).resolve().parent.parent

#: The bundled recordings, all Ogg Opus.
SAMPLES = HOME / "job" / "src" / "main" / "resources" / "samples"

#: Building Decant before its first run takes minutes, on a busy machine many.
PATIENCE_SECONDS = 900


# Processes


def decant(*arguments):
    """Runs ``./decant ARGUMENTS`` to its end, and returns what it printed.

    :raises RuntimeError: if it fails; the message holds what it said
    """
    command = [str(HOME / "decant"), *map(str, arguments)]
    result = subprocess.run(command, cwd=HOME, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"./decant {arguments[0]} ended with {result.returncode}: {result.stderr}{result.stdout}")
    return result.stdout


class Background:
    """A command that goes on while the notebook does, and ends with it; :meth:`stop` ends it sooner.

    :param arguments: of ``./decant``; or another command, whose first word is a path
    """

    def __init__(self, *arguments):
        command = list(map(str, arguments))
        if os.sep not in command[0]:
            command.insert(0, str(HOME / "decant"))
        self._name = " ".join(command[:2])
        self._log = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            command, cwd=HOME, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT
        )
        atexit.register(self.stop)

    @property
    def pid(self):
        return self._process.pid

    def output(self):
        """All that it has printed so far."""
        size = os.fstat(self._log.fileno()).st_size
        return os.pread(self._log.fileno(), size, 0).decode(errors="replace")

    def wait_for(self, pattern, seconds=PATIENCE_SECONDS):
        """Waits until it has printed something that matches, and returns the match.

        :raises RuntimeError: if it ends before, or does not print that in time
        """
        return self._wait(lambda: re.search(pattern, self.output()), f"before it said {pattern!r}", seconds)

    def wait(self, seconds=PATIENCE_SECONDS):
        """Waits for its end, and returns what it printed.

        :raises RuntimeError: if it fails, or does not end in time
        """
        self._wait(lambda: self._process.poll() == 0, "", seconds)
        return self.output()

    def stop(self):
        """Ends it as Ctrl-C would; returns when it is gone. Stopping twice does nothing."""
        atexit.unregister(self.stop)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _wait(self, condition, before_what, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # Whether it has ended is asked first: what it printed last is then there to be seen.
            ended = self._process.poll() is not None
            if met := condition():
                return met
            if ended:
                raise RuntimeError(f"{self._name} ended with {self._process.returncode} {before_what}: {self.output()}")
            time.sleep(0.05)
        raise RuntimeError(f"{self._name} has not done in {seconds} s what it was waited for: {self.output()}")


class Broker(Background):
    """A real Kafka broker of its own, ``./decant broker``, on a free port, without topics.

    ``address`` is where it answers, as ``bootstrap.servers`` takes it.
    """

    def __init__(self):
        super().__init__("broker", "--port", "0")
        self.address = self.wait_for(r"Kafka broker at (\S+:\d+)")[1]


class Cluster(Background):
    """A real Flink cluster of its own, ``./decant cluster``: a JobManager and a TaskManager, each a process.

    ``url`` is where its REST API answers.

    :param slots: of the TaskManager, for as many subtasks
    """

    def __init__(self, slots):
        super().__init__("cluster", "--port", "0", "--slots", slots)
        self.url = self.wait_for(r"Flink cluster at (\S+:\d+)")[1]
        self._task_manager = int(self.wait_for(r"TaskManager: process (\d+)")[1])

    def kill_task_manager(self):
        """``kill -9``; returns when another TaskManager has taken its place."""
        os.kill(self._task_manager, signal.SIGKILL)
        replaced = rf"TaskManager process {self._task_manager} has ended; process (\d+) takes its place"
        self._task_manager = int(self.wait_for(replaced)[1])

    def run(self, *arguments):
        """``flink run -d decant-job.jar ARGUMENTS``; returns the ID of the job.

        :raises RuntimeError: if no job was submitted; the message holds what Flink said
        """
        home = os.environ.get("JAVA_HOME")
        java = os.path.join(home, "bin", "java") if home else "java"
        client = [java, "--add-opens=java.base/java.util=ALL-UNNAMED", "-cp", str(HOME / "job/local/flink/target/lib/*")]
        client.append("org.apache.flink.client.cli.CliFrontend")
        command = ["run", "-d", "-m", self.url.removeprefix("http://"), str(HOME / "job/target/decant-job.jar")]
        with tempfile.TemporaryDirectory() as configuration:
            pathlib.Path(configuration, "config.yaml").touch()
            result = subprocess.run(
                [*client, *command, *map(str, arguments)],
                env=os.environ | {"FLINK_CONF_DIR": configuration},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
            )
        submitted = re.search(r"Job has been submitted with JobID ([0-9a-f]{32})", result.stdout)
        if not submitted:
            raise RuntimeError(f"flink run ended with {result.returncode}: {result.stderr}{result.stdout}")
        return submitted[1]


# Recordings


def opus_packets(recording):
    """What is in an Ogg Opus file of one stream (RFC 3533, section 6; RFC 7845).

    :param recording: its path
    :return: its OpusHead, and its packets of sound
    """
    data = pathlib.Path(recording).read_bytes()
    packets, packet, at = [], b"", 0
    while at < len(data):
        if data[at : at + 4] != b"OggS":
            raise ValueError(f"{recording}: no Ogg page at byte {at}")
        lacing = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(lacing)
        for length in lacing:
            packet += data[at : at + length]
            at += length
            if length < 255:
                packets.append(packet)
                packet = b""
    head, _tags, *packets = packets
    return head, packets


# Pictures

#: Okabe and Ito's colours, which people who are colour-blind tell apart.
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
VERMILION = "#D55E00"
SKY = "#56B4E9"
PURPLE = "#CC79A7"
GREY = "#8A8A8A"

#: How samples came about (``pcm.outcome``), in every notebook in the same colour.
OUTCOME_COLOURS = {
    "decoded": BLUE,
    "fec": GREEN,
    "concealed": ORANGE,
    "comfort-noise": SKY,
    "filled": GREY,
    "rejected": VERMILION,
}

#: The weakest level that spectrograms show, dB below full scale.
FLOOR_DB = -100


def use_style():
    """Makes all pictures that follow look alike."""
    # Loaded now, since it sets its own form of pictures when it is loaded.
    plt.switch_backend("inline")
    plt.rcParams.update(
        {
            "figure.figsize": (9.6, 3.2),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
            "font.size": 10,
            "axes.titlesize": 11.5,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.titlepad": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": "#606060",
            "axes.labelcolor": "#303030",
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.prop_cycle": plt.cycler(color=[BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE]),
            "grid.color": "#E4E4E4",
            "grid.linewidth": 0.8,
            "lines.linewidth": 1.2,
            "legend.frameon": False,
            "xtick.color": "#606060",
            "ytick.color": "#606060",
            "image.cmap": "magma",
        }
    )
    get_ipython().display_formatter.formatters["image/png"].for_type(Figure, small_png)


def small_png(figure):
    """A picture of 256 colours at most: it takes a third of the room, and notebooks are committed with theirs."""
    with Image.open(io.BytesIO(print_figure(figure, "png"))) as picture:
        few_colours = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    png = io.BytesIO()
    few_colours.save(png, "PNG", optimize=True)
    return png.getvalue()


def draw_waveform(axes, samples, rate, start=0.0, **line):
    """Draws one channel.

    :param samples: floats, full scale 1, or 16-bit integers
    :param rate: Hz
    :param start: the time of the first sample, s
    :param line: colour and so on, as ``Axes.plot`` takes them
    """
    samples = full_scale(samples)
    axes.plot(start + np.arange(len(samples)) / rate, samples, **{"linewidth": 0.6, **line})
    axes.set(xlabel="time, s", ylabel="sample, full scale 1")


def draw_spectrogram(axes, samples, rate, start=0.0, window=512, overlap=384, scale=True):
    """Draws the spectrogram of one channel.

    :param samples: floats, full scale 1, or 16-bit integers
    :param rate: Hz
    :param start: the time of the first sample, s
    :param window: samples that one column is made of
    :param overlap: samples that two columns next to each other have in common
    :param scale: whether the scale of levels, which is always the same, stands beside it
    """
    power, frequencies, times = mlab.specgram(
        full_scale(samples), NFFT=window, Fs=rate, noverlap=overlap, mode="magnitude"
    )
    # A sine of full scale has a magnitude of 1/2 on each side of zero.
    level = 20 * np.log10(np.maximum(2 * power, 10 ** (FLOOR_DB / 20)))
    half = (window - overlap) / rate / 2
    picture = axes.imshow(
        level,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        extent=(start + times[0] - half, start + times[-1] + half, 0, frequencies[-1] / 1000),
        vmin=FLOOR_DB,
        vmax=0,
        # Few steps: nobody sees more, and the pictures take a third of the room.
        cmap=plt.get_cmap("magma", 25),
    )
    axes.grid(False)
    axes.set(xlabel="time, s", ylabel="frequency, kHz")
    if scale:
        axes.figure.colorbar(picture, ax=axes, label="level, dB", pad=0.01)


def full_scale(samples):
    """Samples as floats, full scale 1."""
    samples = np.asarray(samples)
    return samples / 32768 if samples.dtype.kind == "i" else samples
