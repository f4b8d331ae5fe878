//! Why a ticket could not be printed.

/// Why a ticket could not be printed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// One of the three font files cannot be read.
    #[error("the {name} font cannot be read")]
    Font {
        /// regular, bold or ext.
        name: &'static str,
        /// What the parser says.
        #[source]
        source: ttf_parser::FaceParsingError,
    },
    /// The characters used could not be cut out of a font.
    #[error("the characters used cannot be cut out of a font: {0}")]
    Subset(String),
    /// A photo is not a JPEG that PDF can carry.
    #[error("photo {number} of the ticket is not a usable JPEG: {reason}")]
    Photo {
        /// Which one, from 1, in the order of the sections; marks of the signatures come last.
        number: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// `created` is not an RFC 3339 time with an offset.
    #[error("{0:?} is not an RFC 3339 time with an offset")]
    Created(String),
    /// Ticket id and digest together are too long for a QR code.
    #[error("ticket id and digest do not fit into a QR code")]
    Qr(#[source] qrcode::types::QrError),
    /// No copy was asked for.
    #[error("no copy was asked for")]
    NoCopies,
    /// The PDF could not be written.
    #[error("the PDF could not be written")]
    Write(#[source] std::io::Error),
}
