#!/usr/bin/env python3
"""Builds assets/fonts from the published Noto fonts. For maintainers only: the results are committed.

Needs fonttools 4.68.0, the unpacked npm package @expo-google-fonts/noto-sans-sc 0.4.3 and
NotoSansCJK-Regular.ttc of Debian's fonts-noto-cjk. The same inputs give the same bytes.
"""

import argparse
import hashlib
import pathlib

from fontTools import subset
from fontTools.misc.roundTools import otRound
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.ttCollection import TTCollection

# The widest deviation, in font units (1/1000 em), that a converted curve may have.
CURVE_ERROR = 1.0

HAN = [
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),  # compatibility ideographs
    (0x20000, 0x3FFFF),  # extensions B and beyond
]

# Everything a label, a time or a unit may use beside GB2312 itself.
PUNCTUATION = (
    [chr(c) for c in range(0x20, 0x7F)]
    + [chr(c) for c in range(0xA0, 0x100)]
    + list("–—‘’“”…‰′″€№℃Ω−×÷≤≥±≈→←↑↓①②③④⑤⑥⑦⑧⑨⑩、。〈〉《》「」『』【】〓〔〕（），．：；？！～％＋－／＝｜￥·•")
)


def is_han(code):
    return any(low <= code <= high for low, high in HAN)


def gb2312():
    """Every character of GB2312, the everyday set of simplified Chinese."""
    found = set()
    for lead in range(0xA1, 0xF8):
        for trail in range(0xA1, 0xFF):
            try:
                found.add(bytes((lead, trail)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    # Kana, Greek, Cyrillic and box drawing live in GB2312 too; no title uses them in bold.
    return {c for c in found if is_han(ord(c)) or 0x2000 <= ord(c) <= 0x22FF or ord(c) >= 0x3000 and ord(c) < 0x3040}


def cut(font, codes, glyph_names=False):
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "vhea", "vmtx", "prep", "gasp", "VORG"]
    options.name_IDs = ["*"]
    options.glyph_names = glyph_names
    options.notdef_outline = True
    options.recalc_timestamp = False
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)


def rename(font, family, style):
    """Names a derivative so that nobody takes it for the original; copyright and licence stay."""
    postscript = family.replace(" ", "") + "-" + style
    texts = {1: family, 2: style, 3: "Doorstep;" + postscript, 4: family + " " + style, 6: postscript}
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 5, 13, 14) and n.langID in (0x409, 0)]
    for number, text in texts.items():
        table.setName(text, number, 3, 1, 0x409)


def to_quadratic(font):
    """Replaces CFF outlines by TrueType ones, which `subsetter` keeps small and every viewer draws alike."""
    glyphs = font.getGlyphSet()
    order = font.getGlyphOrder()
    drawn = {}
    for name in order:
        pen = TTGlyphPen(glyphs)
        glyphs[name].draw(Cu2QuPen(pen, CURVE_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = glyf = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = drawn
    for name in order:
        glyph = drawn[name]
        glyph.recalcBounds(glyf)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (otRound(advance), getattr(glyph, "xMin", 0))
    font["maxp"] = maxp = newTable("maxp")
    maxp.tableVersion = 0x00010000
    for field in (
        "maxTwilightPoints maxStorage maxFunctionDefs maxInstructionDefs maxStackElements "
        "maxSizeOfInstructions maxComponentElements"
    ).split():
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    del font["CFF "]
    post = font["post"]
    post.formatType = 3.0
    post.extraNames = []
    post.mapping = {}
    font.sfntVersion = "\x00\x01\x00\x00"


def save(font, path):
    font.recalcTimestamp = False
    font.save(path)
    data = path.read_bytes()
    count = len(TTFont(path).getBestCmap())
    print(f"{path.name}: {len(data)} bytes, {count} characters, sha256 {hashlib.sha256(data).hexdigest()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("npm", type=pathlib.Path, help="unpacked npm package @expo-google-fonts/noto-sans-sc")
    parser.add_argument("cjk", type=pathlib.Path, help="NotoSansCJK-Regular.ttc")
    parser.add_argument("out", type=pathlib.Path, help="the folder assets/fonts")
    args = parser.parse_args()

    regular = TTFont(args.npm / "400Regular" / "NotoSansSC_400Regular.ttf")
    known = set(regular.getBestCmap())
    cut(regular, known)
    rename(regular, "Noto Sans SC", "Regular")
    save(regular, args.out / "NotoSansSC-Regular.ttf")

    bold = TTFont(args.npm / "700Bold" / "NotoSansSC_700Bold.ttf")
    cut(bold, {ord(c) for c in gb2312().union(PUNCTUATION)})
    rename(bold, "Noto Sans SC GB2312", "Bold")
    save(bold, args.out / "NotoSansSC-Bold-GB2312.ttf")

    collection = TTCollection(args.cjk)
    han = next(f for f in collection.fonts if f["name"].getDebugName(4) == "Noto Sans CJK SC")
    cut(han, {c for c in han.getBestCmap() if is_han(c) and c not in known})
    to_quadratic(han)
    rename(han, "Doorstep Han Ext", "Regular")
    save(han, args.out / "DoorstepHanExt.ttf")


if __name__ == "__main__":
    main()
