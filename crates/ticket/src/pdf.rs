//! The display list as a PDF. The only module that knows printpdf.
//!
//! printpdf's slim build embeds fonts and pictures as they are given: fonts are cut down to the characters used before,
//! JPEGs go in untouched. Dates, `/ID` and version are set afterwards, because printpdf's own are constants.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, StringFormat};
use printpdf::{
    Codepoint, Color, CurTransMat, DictItem, ExternalStream, ExternalXObject, FontId, Greyscale,
    Line, LineCapStyle, LineJoinStyle, LinePoint, Op, PaintMode, ParsedFont, PdfDocument, PdfFont,
    PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb, TextItem,
    TextMatrix, WindingOrder, XObject, XObjectId, XObjectTransform,
};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;

use crate::TicketError;
use crate::display::{Item, PAGE_HEIGHT, PAGE_WIDTH, Page, Tone};
use crate::fonts::{FaceId, Faces, Fonts, Glyph, Weight};
use crate::images::Images;
use crate::model::TicketDoc;

/// What is written, and the characters that no font had.
pub(crate) struct Written {
    pub(crate) pdf: Vec<u8>,
    pub(crate) missing: Vec<char>,
}

/// Writes the pages.
pub(crate) fn write(
    doc: &TicketDoc,
    pages: &[Page],
    fonts: &Fonts,
    images: &Images,
) -> Result<Written, TicketError> {
    let created =
        pdf_date(&doc.created).ok_or_else(|| TicketError::Created(doc.created.clone()))?;
    let faces = fonts.faces()?;
    let mut glyphs = Glyphs::default();
    let mut pdf = PdfDocument::new("");
    for page in pages {
        let mut ops = Vec::with_capacity(page.items.len() * 4);
        let mut pen = Pen::default();
        for item in &page.items {
            pen.item(&mut ops, item, &faces, &mut glyphs);
        }
        pen.end_text(&mut ops);
        pdf.pages.push(PdfPage::new(
            Pt(PAGE_WIDTH).into(),
            Pt(PAGE_HEIGHT).into(),
            ops,
        ));
    }
    for face in FaceId::ALL {
        if let Some(font) = glyphs.subset(face, fonts)? {
            pdf.resources
                .fonts
                .map
                .insert(font_id(face), PdfFont::new(font));
        }
    }
    for number in used_images(pages) {
        if let Some(image) = images.get(number) {
            pdf.resources
                .xobjects
                .map
                .insert(image_id(number), jpeg(image));
        }
    }
    let options = PdfSaveOptions {
        subset_fonts: false,
        image_optimization: None,
        ..PdfSaveOptions::default()
    };
    let mut out = pdf.to_lopdf_document(&options, &mut Vec::new());
    set_identity(&mut out, doc, &created);
    compress(&mut out)?;
    let mut bytes = Vec::new();
    out.save_to(&mut bytes).map_err(TicketError::Write)?;
    Ok(Written {
        pdf: bytes,
        missing: glyphs.missing,
    })
}

fn font_id(face: FaceId) -> FontId {
    // Not F1…F14: printpdf takes those for the standard fonts.
    FontId(["Text", "Title", "Rare"][face as usize].to_owned())
}

fn image_id(number: usize) -> XObjectId {
    XObjectId(format!("Photo{number}"))
}

/// Only photos that stand on a page: what a copy does not show must not be inside its file either.
fn used_images(pages: &[Page]) -> std::collections::BTreeSet<usize> {
    let items = pages.iter().flat_map(|p| &p.items);
    items
        .filter_map(|item| {
            if let Item::Image { image, .. } = item {
                Some(*image)
            } else {
                None
            }
        })
        .collect()
}

fn jpeg(image: &crate::images::Image) -> XObject {
    let name = |text: &str| DictItem::Name(text.as_bytes().to_vec());
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(image.width))),
        ("Height".to_owned(), DictItem::Int(i64::from(image.height))),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
        (
            "ColorSpace".to_owned(),
            name(if image.grey {
                "DeviceGray"
            } else {
                "DeviceRGB"
            }),
        ),
        ("Filter".to_owned(), name("DCTDecode")),
    ]);
    let stream = ExternalStream {
        dict,
        content: image.jpeg.to_vec(),
        compress: false,
    };
    XObject::External(ExternalXObject {
        stream,
        width: None,
        height: None,
        dpi: None,
    })
}

/// The characters used of each font, numbered anew in the order of their first use.
#[derive(Default)]
struct Glyphs {
    used: [GlyphRemapper; 3],
    /// What a reader copies for a glyph: the first character that used it.
    meaning: HashMap<(FaceId, u16), char>,
    missing: Vec<char>,
}

impl Glyphs {
    /// The glyph's number in the subset, and whether the subset's own meaning of it is another character.
    fn add(&mut self, ch: char, glyph: Glyph) -> (u16, char) {
        if glyph.missing && !self.missing.contains(&ch) {
            self.missing.push(ch);
        }
        let gid = self.used[glyph.face as usize].remap(glyph.gid);
        (
            gid,
            *self.meaning.entry((glyph.face, gid)).or_insert(glyph.shown),
        )
    }

    fn subset(&self, face: FaceId, fonts: &Fonts) -> Result<Option<ParsedFont>, TicketError> {
        let used = &self.used[face as usize];
        if used.num_gids() <= 1 {
            return Ok(None);
        }
        let bytes = subsetter::subset(fonts.bytes(face), 0, used)
            .map_err(|e| TicketError::Subset(e.to_string()))?;
        let tag: String = Sha256::digest(&bytes)
            .iter()
            .take(6)
            .map(|b| char::from(b'A' + b % 26))
            .collect();
        let mut font = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new())
            .ok_or_else(|| TicketError::Subset("the subset is not a font".to_owned()))?;
        let name = [
            "NotoSansSC-Regular",
            "NotoSansSC-Bold",
            "DoorstepHanExt-Regular",
        ][face as usize];
        font.font_name = Some(format!("{tag}+{name}"));
        Ok(Some(font))
    }
}

/// The graphics state, so that only what changes is written.
#[derive(Default)]
struct Pen {
    in_text: bool,
    font: Option<(FaceId, f32)>,
    fill: Option<Tone>,
    stroke: Option<(Tone, f32, bool)>,
}

impl Pen {
    fn item(&mut self, ops: &mut Vec<Op>, item: &Item, faces: &Faces<'_>, glyphs: &mut Glyphs) {
        if let Item::Text {
            x,
            y,
            size,
            weight,
            tone,
            text,
        } = item
        {
            self.text(ops, [*x, *y], *size, *weight, *tone, text, faces, glyphs);
            return;
        }
        self.end_text(ops);
        match item {
            Item::Text { .. } => {}
            Item::Line {
                from,
                to,
                width,
                tone,
            } => {
                self.stroke(ops, *tone, *width, false);
                ops.push(path(&[*from, *to]));
            }
            Item::Stroke {
                points,
                width,
                tone,
            } => {
                self.stroke(ops, *tone, *width, true);
                // A path of one point paints nothing; of no length, with round caps, a dot.
                match points.as_slice() {
                    [dot] => ops.push(path(&[*dot, *dot])),
                    more => ops.push(path(more)),
                }
            }
            Item::Fill { rects, tone } => {
                self.fill(ops, *tone);
                ops.push(filled(rects));
            }
            Item::Image {
                image,
                x,
                y,
                width,
                height,
            } => {
                let matrix = [*width, 0.0, 0.0, *height, *x, PAGE_HEIGHT - y - height];
                ops.push(Op::SaveGraphicsState);
                ops.push(Op::SetTransformationMatrix {
                    matrix: CurTransMat::Raw(matrix.map(crate::display::rounded)),
                });
                let transform = XObjectTransform {
                    no_auto_scale: true,
                    ..XObjectTransform::default()
                };
                ops.push(Op::UseXobject {
                    id: image_id(*image),
                    transform,
                });
                ops.push(Op::RestoreGraphicsState);
            }
        }
    }

    fn end_text(&mut self, ops: &mut Vec<Op>) {
        if std::mem::take(&mut self.in_text) {
            ops.push(Op::EndTextSection);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call site, the fields of one item"
    )]
    fn text(
        &mut self,
        ops: &mut Vec<Op>,
        at: [f32; 2],
        size: f32,
        weight: Weight,
        tone: Tone,
        text: &str,
        faces: &Faces<'_>,
        glyphs: &mut Glyphs,
    ) {
        if text.is_empty() {
            return;
        }
        if !self.in_text {
            ops.push(Op::StartTextSection);
            self.in_text = true;
        }
        self.fill(ops, tone);
        let place = [
            1.0,
            0.0,
            0.0,
            1.0,
            at[0],
            crate::display::rounded(PAGE_HEIGHT - at[1]),
        ];
        ops.push(Op::SetTextMatrix {
            matrix: TextMatrix::Raw(place),
        });
        let mut run = Vec::new();
        for ch in text.chars() {
            let glyph = faces.glyph(ch, weight);
            if self.font != Some((glyph.face, size)) {
                show(ops, &mut run);
                self.font = Some((glyph.face, size));
                ops.push(Op::SetFont {
                    font: PdfFontHandle::External(font_id(glyph.face)),
                    size: Pt(size),
                });
            }
            let (gid, meaning) = glyphs.add(ch, glyph);
            let code = Codepoint::with_cid(gid, 0.0, meaning.to_string());
            if meaning == glyph.shown {
                run.push(code);
            } else {
                // Two characters share this drawing; what is copied must still be the one that was meant.
                show(ops, &mut run);
                ops.push(actual_text(glyph.shown));
                ops.push(Op::ShowText {
                    items: vec![TextItem::GlyphIds(vec![code])],
                });
                ops.push(Op::EndMarkedContent);
            }
        }
        show(ops, &mut run);
    }

    fn fill(&mut self, ops: &mut Vec<Op>, tone: Tone) {
        if self.fill.replace(tone) != Some(tone) {
            ops.push(Op::SetFillColor { col: color(tone) });
        }
    }

    fn stroke(&mut self, ops: &mut Vec<Op>, tone: Tone, width: f32, round: bool) {
        let new = (tone, width, round);
        let old = self.stroke.replace(new);
        if old.map(|o| o.0) != Some(tone) {
            ops.push(Op::SetOutlineColor { col: color(tone) });
        }
        if old.map(|o| o.1) != Some(width) {
            ops.push(Op::SetOutlineThickness { pt: Pt(width) });
        }
        if old.map(|o| o.2) != Some(round) {
            let (cap, join) = if round {
                (LineCapStyle::Round, LineJoinStyle::Round)
            } else {
                (LineCapStyle::Butt, LineJoinStyle::Miter)
            };
            ops.push(Op::SetLineCapStyle { cap });
            ops.push(Op::SetLineJoinStyle { join });
        }
    }
}

fn show(ops: &mut Vec<Op>, run: &mut Vec<Codepoint>) {
    if !run.is_empty() {
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(std::mem::take(run))],
        });
    }
}

/// `/ActualText`: what the next glyph means (ISO 32000-1, 14.9.4), as UTF-16 with its mark.
fn actual_text(ch: char) -> Op {
    let utf16 = ch
        .encode_utf16(&mut [0; 2])
        .iter()
        .flat_map(|u| u.to_be_bytes())
        .collect::<Vec<_>>();
    let text = DictItem::Bytes([&[0xfe, 0xff], utf16.as_slice()].concat());
    let map = BTreeMap::from([("ActualText".to_owned(), text)]);
    Op::BeginMarkedContentWithProperties {
        tag: "Span".to_owned(),
        properties: DictItem::Dict { map },
    }
}

fn color(tone: Tone) -> Color {
    let grey = |percent| {
        Color::Greyscale(Greyscale {
            percent,
            icc_profile: None,
        })
    };
    match tone {
        Tone::Ink => grey(0.1),
        Tone::Quiet => grey(0.4),
        Tone::Hairline => grey(0.76),
        Tone::Alert => Color::Rgb(Rgb {
            r: 0.64,
            g: 0.13,
            b: 0.11,
            icc_profile: None,
        }),
    }
}

fn point(p: [f32; 2]) -> LinePoint {
    let y = crate::display::rounded(PAGE_HEIGHT - p[1]);
    LinePoint {
        p: Point {
            x: Pt(p[0]),
            y: Pt(y),
        },
        bezier: false,
    }
}

fn path(points: &[[f32; 2]]) -> Op {
    Op::DrawLine {
        line: Line {
            points: points.iter().map(|p| point(*p)).collect(),
            is_closed: false,
        },
    }
}

fn filled(rects: &[[f32; 4]]) -> Op {
    let ring = |[x, y, w, h]: &[f32; 4]| PolygonRing {
        points: [[*x, *y], [x + w, *y], [x + w, y + h], [*x, y + h]]
            .map(point)
            .to_vec(),
    };
    let polygon = Polygon {
        rings: rects.iter().map(ring).collect(),
        mode: PaintMode::Fill,
        winding_order: WindingOrder::NonZero,
    };
    Op::DrawPolygon { polygon }
}

/// Version, dates and identity, which depend on nothing but the document: the same ticket gives the same bytes.
fn set_identity(out: &mut lopdf::Document, doc: &TicketDoc, created: &str) {
    out.version = "1.7".to_owned();
    let mut hash = Sha256::new();
    for part in [&doc.digest, &doc.ticket_id, &doc.created] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(doc.submission.to_be_bytes());
    let id = Object::String(hash.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    out.trailer.set("ID", vec![id.clone(), id]);
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        Object::String(
            [0xfe, 0xff].into_iter().chain(units).collect(),
            StringFormat::Hexadecimal,
        )
    };
    let info = Dictionary::from_iter([
        ("Title", utf16(&format!("{} {}", doc.title, doc.ticket_id))),
        ("Author", utf16(&doc.company)),
        ("Producer", utf16("Doorstep")),
        ("CreationDate", Object::string_literal(created)),
        ("ModDate", Object::string_literal(created)),
    ]);
    if let Ok(number) = out.trailer.get(b"Info").and_then(Object::as_reference) {
        out.objects.insert(number, Object::Dictionary(info));
    }
}

/// Deflates what is not compressed yet. lopdf would do it at the highest level: twice the time for a hundredth less.
fn compress(out: &mut lopdf::Document) -> Result<(), TicketError> {
    for object in out.objects.values_mut() {
        let Object::Stream(stream) = object else {
            continue;
        };
        if !stream.allows_compression || stream.dict.has(b"Filter") {
            continue;
        }
        let mut encoder = ZlibEncoder::new(
            Vec::with_capacity(stream.content.len() / 2),
            Compression::new(6),
        );
        encoder
            .write_all(&stream.content)
            .map_err(TicketError::Write)?;
        stream.set_content(encoder.finish().map_err(TicketError::Write)?);
        stream.dict.set("Filter", "FlateDecode");
    }
    Ok(())
}

/// `2026-11-22T09:30:00+08:00` as PDF writes it: `D:20261122093000+08'00'`.
fn pdf_date(rfc3339: &str) -> Option<String> {
    let digits = |from: usize, to: usize| {
        rfc3339
            .get(from..to)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
    };
    let at = |index: usize| rfc3339.as_bytes().get(index).copied();
    let marks = [(4, b"-"), (7, b"-"), (10, b"T"), (13, b":"), (16, b":")];
    if !marks
        .iter()
        .all(|(index, mark)| at(*index) == Some(mark[0]))
    {
        return None;
    }
    let parts = [
        digits(0, 4)?,
        digits(5, 7)?,
        digits(8, 10)?,
        digits(11, 13)?,
        digits(14, 16)?,
        digits(17, 19)?,
    ];
    let rest = rfc3339.get(19..)?;
    let zone = rest.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let zone = match zone.as_bytes() {
        b"Z" => "Z".to_owned(),
        [b'+' | b'-', h1, h2, b':', m1, m2]
            if [h1, h2, m1, m2].iter().all(|b| b.is_ascii_digit()) =>
        {
            format!("{}{}'{}'", &zone[..1], &zone[1..3], &zone[4..6])
        }
        _ => return None,
    };
    Some(format!("D:{}{zone}", parts.concat()))
}
