//! Why a file is refused. The Chinese text a technician reads lives in the UI, keyed by [`PhotoError::code`].

use thiserror::Error;

/// A refused photo. The caller keeps the original file whatever the reason.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhotoError {
    /// The file holds no bytes: a camera that was closed before it had written.
    #[error("the file is empty")]
    Empty,
    /// The first bytes are of no picture format known here.
    #[error("the file is not a picture")]
    NotAnImage,
    /// HEIC or HEIF, an iPhone's default: the UI tells how to switch the camera to JPEG.
    #[error("HEIC pictures cannot be read")]
    Heic,
    /// A picture that is cut short or corrupted. A part of a picture proves nothing, so it is not salvaged.
    #[error("the picture is damaged: {detail}")]
    Damaged {
        /// What the decoder said, for the log.
        detail: String,
    },
    /// More pixels than [`crate::MAX_PIXELS`], or a side longer than [`crate::MAX_SIDE`].
    #[error("the picture is too large: {w} × {h} pixels")]
    TooManyPixels {
        /// Width in pixels.
        w: u32,
        /// Height in pixels.
        h: u32,
    },
    /// More bytes than [`crate::MAX_FILE_BYTES`].
    #[error("the file is too large: {bytes} bytes")]
    TooLarge {
        /// Size of the file in bytes.
        bytes: u64,
    },
    /// A known format that is not a photo from a camera here: GIF, BMP, TIFF, AVIF, PDF, video.
    #[error("{format} files are not accepted")]
    Unsupported {
        /// Name of the format, in capitals.
        format: &'static str,
    },
    /// A watermark font cannot be parsed: a broken installation, not a broken photo.
    #[error("a watermark font cannot be read")]
    Font,
    /// The finished picture could not be resized or written.
    #[error("the picture could not be written: {detail}")]
    Encode {
        /// What failed, for the log.
        detail: String,
    },
}

impl PhotoError {
    /// Stable code the UI turns into text, e.g. `photo.heic`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "photo.empty",
            Self::NotAnImage => "photo.not_an_image",
            Self::Heic => "photo.heic",
            Self::Damaged { .. } => "photo.damaged",
            Self::TooManyPixels { .. } => "photo.too_many_pixels",
            Self::TooLarge { .. } => "photo.too_large",
            Self::Unsupported { .. } => "photo.unsupported",
            Self::Font => "photo.font",
            Self::Encode { .. } => "photo.encode",
        }
    }

    pub(crate) fn damaged(detail: impl ToString) -> Self {
        Self::Damaged {
            detail: detail.to_string(),
        }
    }

    pub(crate) fn encode(detail: impl ToString) -> Self {
        Self::Encode {
            detail: detail.to_string(),
        }
    }
}
