#!/usr/bin/env python3
"""The same ticket with reportlab (5.1.0): what `benches/ticket.rs --write FOLDER` left, printed with the same protocol.

    python reportlab_ticket.py FOLDER [--runs 30]

Same texts, tables, photos, QR code (reportlab's own), signatures, page heads and feet, both copies in one file, the same
TrueType fonts. 〓 and rare characters are not handled: reportlab has no fallback.
"""

import argparse
import base64
import io
import json
import pathlib
import time

from reportlab import rl_config
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing, PolyLine
from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate, Frame, Image, KeepTogether, NextPageTemplate, PageBreak, PageTemplate, Paragraph, Spacer, Table,
)

# JPEGs go in as they are, as ours do; the default would write them as text, larger and slower.
rl_config.useA85 = 0

WIDTH = A4[0] - 96
QUIET, HAIR = Color(0.4, 0.4, 0.4), Color(0.76, 0.76, 0.76)


def style(name, size, font="Text", color=black):
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.42, textColor=color, wordWrap="CJK")


BODY, NOTE = style("body", 9.5), style("note", 8, color=QUIET)
STRONG, HEAD = style("strong", 9.5, "Title"), style("head", 11, "Title")
TITLE = style("title", 21, "Title")


def p(text, look=BODY):
    return Paragraph((text or "").replace("&", "&amp;").replace("<", "&lt;"), look)


def table(rows, widths, head=True):
    whole = sum(widths)
    body = Table(rows, [w * WIDTH / whole for w in widths], repeatRows=1 if head else 0)
    body.setStyle([
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIR), ("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 3), ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ])
    return body


def mark(kind):
    box = Drawing(9, 9)
    box.add(PolyLine([0, 0, 8, 0, 8, 8, 0, 8, 0, 0], strokeWidth=0.5))
    if kind == "done":
        box.add(PolyLine([1.6, 4, 3.4, 2, 6.7, 6.2], strokeWidth=1.2))
    elif kind == "not_applicable":
        box.add(PolyLine([2, 2, 6, 6], strokeWidth=0.9))
        box.add(PolyLine([6, 2, 2, 6], strokeWidth=0.9))
    return box


def facts(rows):
    cells = [[p(f["label"], NOTE), p(f["value"])] for f in rows]
    pairs = [cells[i] + (cells[i + 1] if i + 1 < len(cells) else [p(""), p("")]) for i in range(0, len(cells), 2)]
    return table(pairs, [12, 38, 12, 38], head=False)


def checklist(rows, company):
    out = [[p(""), p("项目", NOTE), p("记录", NOTE)] + ([p("条款", NOTE)] if company else []) + [p("时间", NOTE)]]
    group = ""
    for row in rows:
        if row["group"] != group:
            group = row["group"]
            out.append([p(""), p(group, STRONG)] + [p("")] * (len(out[0]) - 2))
        text = [p(row["text"])]
        for key, word in (("reason", "不适用："),) + ((("internal_reason", "内部说明："),) if company else ()):
            if row[key]:
                text.append(p(word + row[key], NOTE))
        if row["late"]:
            why = " · " + row["late"]["reason"] if company else ""
            text.append(p("补录 " + row["late"]["entered"] + why, NOTE))
        cells = [mark(row["mark"]), text, p(row["detail"])]
        if company:
            cells.append([p(c, NOTE) for c in row["clauses"]])
        out.append(cells + [p(row["at"], NOTE)])
    return table(out, [4, 50, 28, 12, 8] if company else [4, 58, 28, 8])


def grid(head, rows, keys):
    return table([[p(h, NOTE) for h in head]] + [[p(r[k]) for k in keys] for r in rows], [1] * len(head))


def section(kind, of, company, photos):
    if kind == "facts":
        return [facts(of)]
    if kind == "times":
        rows = [[p(h, NOTE) for h in ("事项", "约定", "实际", "结果")]]
        for r in of:
            breach = [p("失约：" + r["breach"], NOTE)] if company and r["breach"] else []
            rows.append([p(r["label"]), p(r["promised"]), p(r["actual"], STRONG), [p(r["verdict"])] + breach])
        return [table(rows, [22, 30, 24, 24])]
    if kind == "checklist":
        return [checklist(of, company)]
    if kind == "readings":
        keys = ["name", "point", "wavelength", "before", "after", "limits", "verdict"]
        return [grid(["测量项", "测试点", "波长", "施工前", "施工后", "指标", "结果"], of, keys)]
    if kind == "devices":
        return [grid(["设备", "序列号", "MAC", "动作"], of, ["kind", "sn", "mac", "action"])]
    if kind == "materials":
        return [grid(["材料", "数量", "单位"], of, ["name", "quantity", "unit"])]
    if kind == "fees":
        rows = of["charged"]["rows"]
        keys = ["item", "unit_price", "quantity", "amount", "agreed"]
        return [grid(["收费项目", "单价", "数量", "金额", "告知与同意"], rows, keys), p("合计 " + of["charged"]["total"], STRONG)]
    if kind == "feedback":
        return [facts(of["rows"]), p(of["words"]), p(of["note"], NOTE)]
    if kind == "photos":
        cells = [[Image(photos[i], 243, 182), p(f["caption"], NOTE)] for i, f in enumerate(of)]
        return [Table([cells[i:i + 2] for i in range(0, len(cells), 2)])]
    raise ValueError(kind)


def ink(side):
    area, source = Drawing(220, 62), side["ink"]
    scale = min(220 / source["width"], 62 / source["height"])
    for stroke in source["strokes"]:
        points = [v for s in stroke for v in (s["x"] * scale, 62 - s["y"] * scale)]
        if len(stroke) > 1:
            area.add(PolyLine(points, strokeWidth=1.2, strokeLineCap=1, strokeLineJoin=1))
    lines = [p(side["heading"], STRONG), area, p(f"签字人：{side['name']}（{side['relation']}）"), p(f"签字时间：{side['time']}")]
    return lines


def flow(doc, photos, company):
    code = QrCodeWidget(doc["ticket_id"] + "\n" + doc["digest"], barLevel="M", barWidth=76, barHeight=76, barBorder=0)
    qr = Drawing(76, 76)
    qr.add(code)
    names = [p(doc["company"], NOTE), p(doc["title"], TITLE), p("单号：" + doc["ticket_id"]), p(f"第 {doc['submission']} 次提交")]
    story = [Table([[names, [p("公司联" if company else "用户联", STRONG), qr]]], [WIDTH - 96, 96])]
    for part in doc["sections"]:
        story.append(Spacer(1, 13))
        body = section(part["body"]["kind"], part["body"]["of"], company, photos)
        story += [p(part["title"], HEAD)] + body
    sides = [ink(doc["customer_signature"]), ink(doc["technician_signature"])]
    story.append(KeepTogether([p("签字确认", HEAD), p(doc["signature_covers"], NOTE), Table([sides], [WIDTH / 2] * 2)]))
    return story


def build(doc, photos):
    out = io.BytesIO()

    def frame(copy):
        def draw(canvas, page):
            canvas.setFont("Text", 8)
            canvas.drawString(48, 40, f"{doc['ticket_id']}  第 {doc['submission']} 次提交  {copy}")
            canvas.drawRightString(A4[0] - 48, 40, f"第 {page.page} 页")
            canvas.line(48, 46, A4[0] - 48, 46)
        return draw

    area = Frame(48, 60, WIDTH, A4[1] - 110, 0, 0, 0, 0)
    paper = BaseDocTemplate(out, pagesize=A4, invariant=1)
    paper.addPageTemplates([PageTemplate("a", [area], onPage=frame("用户联")), PageTemplate("b", [area], onPage=frame("公司联"))])
    paper.build(flow(doc, photos, False) + [NextPageTemplate("b"), PageBreak()] + flow(doc, photos, True))
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=30)
    args = parser.parse_args()
    doc = json.loads((args.folder / "ticket.json").read_text("utf-8"))
    pictures = [f for part in doc["sections"] if part["body"]["kind"] == "photos" for f in part["body"]["of"]]
    photos = []
    for at, picture in enumerate(pictures):
        path = args.folder / f"photo{at}.jpg"
        path.write_bytes(base64.b64decode(picture["jpeg"]))
        photos.append(str(path))
    fonts = pathlib.Path(__file__).resolve().parents[3] / "assets" / "fonts"
    pdfmetrics.registerFont(TTFont("Text", str(fonts / "NotoSansSC-Regular.ttf")))
    pdfmetrics.registerFont(TTFont("Title", str(fonts / "NotoSansSC-Bold-GB2312.ttf")))
    for path in photos:
        ImageReader(path)
    data = b""
    build(doc, photos)
    for run in range(args.runs):
        begin = time.perf_counter()
        data = build(doc, photos)
        ms = (time.perf_counter() - begin) * 1e3
        print(json.dumps({"bench": "reportlab_ticket", "run": run, "ms": round(ms, 3)}))
    jpegs = sum(pathlib.Path(path).stat().st_size for path in photos)
    print(json.dumps({"bench": "reportlab_bytes", "pdf": len(data), "jpeg": jpegs, "overhead": len(data) - jpegs}))
    (args.folder / "reportlab.pdf").write_bytes(data)


if __name__ == "__main__":
    main()
