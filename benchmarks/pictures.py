"""The pictures of the workbench in README and docs: `python -m benchmarks.pictures`, from the bundled statements."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.serving import COMMAND, served

HOME = Path(__file__).parents[1]
PICTURES = HOME / "docs" / "pictures"
EXAMPLES = HOME / "muqabala" / "data" / "examples"
PLACES = {
    "review.png": ("en", "light", "#8", []),
    "review.ar.png": ("ar", "dark", "#7", []),
    "statements.png": ("en", "light", "", []),
    "keys.png": ("en", "light", "#8", ["Shift+Slash"]),
}


def main():
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "statements"
        for arguments in (["init", folder], ["add", folder, *sorted(EXAMPLES.glob("*.txt"))], ["pair", folder], ["run", folder]):
            subprocess.run([*COMMAND, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
        decided = [f"p0002-b{k:04d}" for k in range(1, 9)]
        subprocess.run([*COMMAND, "decide", str(folder), *decided, "--as", "accepted", "--by", "R. T."], check=True)
        with served(folder) as (address, _), sync_playwright() as started:
            browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, (language, colours, place, keys) in PLACES.items():
                context = browser.new_context(
                    viewport={"width": 1280, "height": 720}, color_scheme=colours, reduced_motion="reduce"
                )
                context.add_init_script(f"localStorage.setItem('language', '\"{language}\"')")
                page = context.new_page()
                page.goto(address + place)
                page.wait_for_selector("body[data-ready]")
                page.wait_for_timeout(800)
                for key in keys:
                    page.keyboard.press(key)
                    page.wait_for_timeout(300)
                page.screenshot(path=PICTURES / name)
                Image.open(PICTURES / name).convert("RGB").quantize(64).save(PICTURES / name, optimize=True)
                context.close()
            browser.close()


if __name__ == "__main__":
    main()
