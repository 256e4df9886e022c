"""Font stacks of fonts that people have: nothing is loaded from elsewhere."""

from dataclasses import dataclass

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
SERIF = "Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, serif"
HUMANIST = "Seravek, 'Gill Sans Nova', Ubuntu, Calibri, 'DejaVu Sans', source-sans-pro, sans-serif"


@dataclass(frozen=True)
class Fonts:
    """A pairing: headings and text, with the weight and spacing that suit the headings."""

    display: str
    text: str
    weight: int = 600
    tracking: str = "-0.015em"

    def variables(self) -> dict[str, str]:
        return {
            "display": self.display,
            "text": self.text,
            "weight": str(self.weight),
            "tracking": self.tracking,
        }


PAIRINGS = {
    "oldstyle": Fonts(
        "'Iowan Old Style', 'Palatino Linotype', 'URW Palladio L', P052, Georgia, serif", HUMANIST
    ),
    "transitional": Fonts(SERIF, SANS),
    "didone": Fonts(
        "Didot, 'Bodoni MT', 'Noto Serif Display', 'URW Palladio L', P052, Sylfaen, Georgia, serif",
        HUMANIST,
        400,
    ),
    "humanist": Fonts(HUMANIST, HUMANIST, 700, "-0.02em"),
    "geometric": Fonts(
        "Avenir, Montserrat, Corbel, 'URW Gothic', source-sans-pro, sans-serif", SANS, 700, "-0.03em"
    ),
    "grotesque": Fonts(
        "Inter, 'Helvetica Neue', 'Arial Nova', 'Nimbus Sans', Arial, sans-serif", SANS, 700, "-0.035em"
    ),
    "rounded": Fonts(
        "ui-rounded, 'Hiragino Maru Gothic ProN', Quicksand, Comfortaa, Manjari, 'Arial Rounded MT Bold', Calibri,"
        " sans-serif",
        SANS,
        700,
    ),
    "slab": Fonts(
        "Rockwell, 'Rockwell Nova', 'Roboto Slab', 'DejaVu Serif', 'Sitka Small', serif", SANS, 700
    ),
    "mono": Fonts(
        "ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
        "ui-monospace, 'Cascadia Code', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
        700,
    ),
    "handwritten": Fonts(
        "'Segoe Print', 'Bradley Hand', Chilanka, 'Comic Neue', casual, cursive", HUMANIST, 600
    ),
    "condensed": Fonts(
        "Bahnschrift, 'DIN Alternate', 'Franklin Gothic Medium', 'Nimbus Sans Narrow', 'Arial Narrow', sans-serif",
        SANS,
        800,
        "-0.01em",
    ),
    "serif": Fonts(SERIF, SERIF),
    "sans": Fonts(SANS, SANS, 700, "-0.025em"),
}
