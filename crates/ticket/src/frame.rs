//! What frames the content: the form's head, the running head, the footer, the QR code.

use qrcode::{Color, EcLevel, QrCode};

use crate::TicketError;
use crate::block::{Block, CONTENT, MARGIN, Style, lines, one_line, text_item};
use crate::display::{Item, PAGE_HEIGHT, Page, Tone};
use crate::fonts::{Faces, Weight};
use crate::labels::Labels;
use crate::model::{Copy, TicketDoc};

/// Side of the QR code.
const QR: f32 = 76.0;
/// Width that the right column of the head may take.
const RIGHT: f32 = 92.0;
/// Top of the QR code.
const QR_TOP: f32 = 29.0;

/// The form's head: company, name of the form, ticket number, the mark of the copy and the QR code.
pub(crate) fn head(
    faces: &Faces<'_>,
    labels: &Labels,
    doc: &TicketDoc,
    copy: Copy,
) -> Result<Block, TicketError> {
    let mut block = Block {
        keep_with_next: true,
        ..Block::default()
    };
    let left = CONTENT - RIGHT - 16.0;
    let title = Style {
        size: 21.0,
        weight: Weight::Bold,
        tone: Tone::Ink,
    };
    let mut y = 0.0;
    let id = labels.pair(labels.number(copy), &doc.ticket_id);
    let parts = [
        (doc.company.as_str(), Style::LABEL, 2, 3.0),
        (doc.title.as_str(), title, 2, 6.0),
        (id.as_str(), Style::BODY, 2, 0.0),
        (&labels.submission(doc.submission), Style::BODY, 1, 0.0),
    ];
    for (text, style, most, gap) in parts.into_iter().filter(|(text, ..)| !text.is_empty()) {
        for line in lines(faces, text, style, left).into_iter().take(most) {
            block.items.push(text_item(line.text, style, [0.0, y]));
            y += style.leading();
        }
        y += gap;
    }
    block.items.extend(copy_mark(faces, labels.copy(copy)));
    block.items.push(qr(doc)?.moved(CONTENT - QR, QR_TOP));
    // The first figures of the digest, to compare on the phone without a scanner.
    let digest: String = doc.digest.chars().take(8).collect();
    let check = format!("{} {digest}", labels.check);
    block.items.push(one_line(
        faces,
        &check,
        Style::NOTE,
        [CONTENT - QR, QR_TOP + QR + 5.0],
        QR,
    ));
    block.height = y.max(QR_TOP + QR + 5.0 + Style::NOTE.leading());
    Ok(block)
}

/// 用户联 or 公司联 in a frame, top right.
fn copy_mark(faces: &Faces<'_>, text: &str) -> Vec<Item> {
    let style = Style {
        size: 10.5,
        ..Style::STRONG
    };
    let height = 20.0;
    let width = QR.max(faces.width(text, style.size, style.weight) + 12.0);
    let x = CONTENT - width;
    let inside = x + (width - faces.width(text, style.size, style.weight)) / 2.0;
    let frame = vec![
        [x, 0.0],
        [x + width, 0.0],
        [x + width, height],
        [x, height],
        [x, 0.0],
    ];
    vec![
        Item::Stroke {
            points: frame,
            width: 0.8,
            tone: Tone::Ink,
        },
        text_item(
            text.to_owned(),
            style,
            [inside, (height - style.leading()) / 2.0],
        ),
    ]
}

/// Ticket id and digest, one filled rectangle for each run of dark modules. The quiet zone is the paper around it.
fn qr(doc: &TicketDoc) -> Result<Item, TicketError> {
    let content = format!("{}\n{}", doc.ticket_id, doc.digest);
    let code = QrCode::with_error_correction_level(content, EcLevel::M).map_err(TicketError::Qr)?;
    let side = code.width();
    let module = QR / side as f32;
    let mut rects = Vec::new();
    for (row, colors) in code.to_colors().chunks(side).enumerate() {
        let mut at = 0;
        while at < side {
            let run = colors[at..]
                .iter()
                .take_while(|c| **c == Color::Dark)
                .count();
            if run > 0 {
                rects.push([
                    at as f32 * module,
                    row as f32 * module,
                    run as f32 * module,
                    module,
                ]);
            }
            at += run.max(1);
        }
    }
    Ok(Item::Fill {
        rects,
        tone: Tone::Ink,
    })
}

/// Running heads and footers, once the number of pages is known.
pub(crate) fn finish(
    faces: &Faces<'_>,
    labels: &Labels,
    doc: &TicketDoc,
    copy: Copy,
    pages: &mut [Page],
) {
    let count = pages.len();
    let half = CONTENT / 2.0 - 10.0;
    for (at, page) in pages.iter_mut().enumerate() {
        let mut items = Vec::new();
        if at > 0 {
            let title = format!("{}  {}", doc.title, doc.ticket_id);
            items.push(one_line(
                faces,
                &title,
                Style::NOTE,
                [0.0, 34.0],
                CONTENT - RIGHT,
            ));
            items.push(right(faces, labels.copy(copy), [CONTENT, 34.0]));
            items.push(rule(50.0));
        }
        let base = PAGE_HEIGHT - 46.0;
        items.push(rule(base));
        let submission = labels.submission(doc.submission);
        let parts = [doc.ticket_id.as_str(), &submission, labels.copy(copy)];
        let parts = parts.into_iter().filter(|p| !p.is_empty());
        let name = parts.collect::<Vec<_>>().join("  ");
        items.push(one_line(faces, &name, Style::NOTE, [0.0, base + 5.0], half));
        let number = labels.page(at + 1, count);
        items.push(right(faces, &number, [CONTENT, base + 5.0]));
        if !doc.hotline.is_empty() {
            let hotline = labels.pair(labels.hotline, &doc.hotline);
            let x = half + 6.0;
            let room =
                CONTENT - x - faces.width(&number, Style::NOTE.size, Style::NOTE.weight) - 12.0;
            items.push(one_line(
                faces,
                &hotline,
                Style::NOTE,
                [x, base + 5.0],
                room,
            ));
        }
        page.items
            .extend(items.iter().map(|item| item.moved(MARGIN, 0.0)));
    }
}

fn rule(y: f32) -> Item {
    Item::Line {
        from: [0.0, y],
        to: [CONTENT, y],
        width: 0.4,
        tone: Tone::Hairline,
    }
}

fn right(faces: &Faces<'_>, text: &str, at: [f32; 2]) -> Item {
    let width = faces.width(text, Style::NOTE.size, Style::NOTE.weight);
    text_item(text.to_owned(), Style::NOTE, [at[0] - width, at[1]])
}
