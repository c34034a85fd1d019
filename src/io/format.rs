//! Formats of files: told by a name, by the first bytes, or by the ending.

use std::{fs::File, io::Read, path::Path};

use super::{
    arrow,
    damaged::unreadable,
    platform::Platform,
    sas,
    spreadsheet::container::{self, Kind},
    stata,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Place, did_you_mean, quoted_list};

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-, semicolon- or tab-separated text in any encoding.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// A workbook of Excel, new or old.
    Excel,
    /// A workbook of OpenDocument, as LibreOffice writes it.
    OpenDocument,
    /// Triple-S XML: a definition with its data beside it.
    TripleS,
    /// A file of SPSS.
    Spss,
    /// A file of Stata.
    Stata,
    /// A data set of SAS.
    Sas,
    /// Apache Arrow, as a file (Feather) or a stream.
    Arrow,
}

/// What somebody said a file is, or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing: it is told from the file.
    #[default]
    Nothing,
    /// A table of this format, whoever wrote it.
    Plain(Format),
    /// What a platform exports, in whatever format.
    Export(Platform),
}

impl Format {
    /// All that are read.
    pub const ALL: [Self; 9] = [
        Self::Csv,
        Self::Parquet,
        Self::Excel,
        Self::OpenDocument,
        Self::TripleS,
        Self::Spss,
        Self::Stata,
        Self::Sas,
        Self::Arrow,
    ];

    /// The name in study files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Excel => "excel",
            Self::OpenDocument => "ods",
            Self::TripleS => "triple-s",
            Self::Spss => "sav",
            Self::Stata => "dta",
            Self::Sas => "sas7bdat",
            Self::Arrow => "arrow",
        }
    }

    /// The endings of its files, in small letters.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv", "tsv", "txt", "tab"],
            Self::Parquet => &["parquet", "pq"],
            Self::Excel => &["xlsx", "xlsm", "xlsb", "xls"],
            Self::OpenDocument => &["ods"],
            Self::TripleS => &["sss", "xml"],
            Self::Spss => &["sav", "zsav"],
            Self::Stata => &["dta"],
            Self::Sas => &["sas7bdat"],
            Self::Arrow => &["arrow", "feather", "ipc", "arrows"],
        }
    }

    /// What its files begin with, where that tells them from all others; workbooks are told by what is in their container.
    fn beginnings(self) -> &'static [&'static [u8]] {
        match self {
            Self::Csv | Self::Excel | Self::OpenDocument => &[],
            Self::Parquet => &[b"PAR1"],
            Self::TripleS => &[b"<?xml", b"<sss", b"\xEF\xBB\xBF<?xml", b"\xEF\xBB\xBF<sss"],
            Self::Spss => &[b"$FL2", b"$FL3"],
            Self::Stata => &[b"<stata_dta>"],
            Self::Sas => &[&sas::MAGIC],
            Self::Arrow => &[arrow::FILE, arrow::STREAM, arrow::FEATHER_1],
        }
    }

    /// Whether a file that begins so can be of this format, and hardly of another.
    fn shows(self, start: &[u8]) -> bool {
        self.beginnings().iter().any(|own| start.starts_with(own)) || self == Self::Stata && stata::is_old(start)
    }

    /// The format that an ending promises.
    #[must_use]
    pub fn of_ending(path: &Path) -> Option<Self> {
        let ending = ending(path);
        Self::ALL.into_iter().find(|format| format.endings().contains(&ending.as_str()))
    }

    /// The format that the first bytes of a file show, if they can show it, and else the one that its ending promises.
    pub(super) fn of_file(path: &Path, place: &Place) -> Result<Self, Diagnostics> {
        let promised = Self::of_ending(path);
        Self::shown(&start(path), path, promised).or(promised).ok_or_else(|| unknown_ending(path, place))
    }

    /// The format that the first bytes of a file show.
    fn shown(start: &[u8], path: &Path, promised: Option<Self>) -> Option<Self> {
        const ZIP: &[u8] = b"PK\x03\x04";
        const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0";
        if start.starts_with(ZIP) || start.starts_with(COMPOUND) {
            return match container::kind(path) {
                Some(Kind::Ods) => Some(Self::OpenDocument),
                Some(Kind::Xlsx | Kind::Xlsb | Kind::Xls) => Some(Self::Excel),
                // What is wrong with the container is told where it is opened.
                None => promised.filter(|promised| *promised == Self::OpenDocument).or(Some(Self::Excel)),
            };
        }
        // Many a web application calls a text or a web page a workbook.
        let is_workbook = matches!(promised, Some(Self::Excel | Self::OpenDocument));
        let is_text = !start.is_empty() && !start.contains(&0);
        let shows = |format: &Self| format.shows(start) && !(is_workbook && *format == Self::TripleS);
        let shown = promised.filter(shows).or_else(|| Self::ALL.into_iter().find(shows));
        shown.or((is_workbook && is_text).then_some(Self::Csv))
    }

    /// Complains of a file that does not begin as all files of this format do.
    pub(super) fn check(self, path: &Path) -> Result<(), Diagnostics> {
        let program = match self {
            Self::Spss => "SPSS",
            Self::Stata => "Stata",
            Self::Sas => "SAS",
            Self::Csv | Self::Parquet | Self::Excel | Self::OpenDocument | Self::TripleS | Self::Arrow => return Ok(()),
        };
        let start = start(path);
        if self.shows(&start) {
            return Ok(());
        }
        let message = format!("this is no file of {program}, whatever its name or the study file says");
        let hint = if start.starts_with(b"ENCRYPTEDSAV") {
            "it is encrypted: open it in SPSS and save it without a password"
        } else {
            "leave the format out, and give the file the ending of what it is"
        };
        Err(unreadable(path, message).hint(hint).into())
    }
}

impl Said {
    /// What a name in a study file or on the command line says.
    pub fn of_name(name: Option<&str>, place: &Place) -> Result<Self, Diagnostics> {
        let Some(name) = name else { return Ok(Self::Nothing) };
        let formats = Format::ALL.into_iter().map(|format| (format.name(), Self::Plain(format)));
        let platforms = Platform::ALL.into_iter().map(|platform| (platform.name(), Self::Export(platform)));
        let known: Vec<(&str, Self)> = formats.chain(platforms).collect();
        if let Some((_, said)) = known.iter().find(|(known, _)| *known == name) {
            return Ok(*said);
        }
        let names = || known.iter().map(|(name, _)| *name);
        let hint = did_you_mean(name, names()).unwrap_or_else(|| format!("topline reads {}", quoted_list(names())));
        Err(Diagnostic::error("unknown-format", place.clone(), format!("`{name}` is no format that topline reads"))
            .hint(hint)
            .into())
    }
}

/// The first bytes. A file that cannot be read is complained of when it is opened.
fn start(path: &Path) -> Vec<u8> {
    const LOOKED_AT: u64 = 4096;
    let mut start = Vec::new();
    let _ = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut start));
    start
}

fn ending(path: &Path) -> String {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_lowercase()
}

fn unknown_ending(path: &Path, place: &Place) -> Diagnostics {
    let ending = ending(path);
    let (message, hint) = if ending.is_empty() {
        let hint = "add its ending, .csv or .parquet, or name the format: init --format csv; [data] format = \"csv\"";
        (format!("the name of {} does not say what it holds", path.display()), hint.to_owned())
    } else {
        let message = format!("topline does not read .{ending} files ({})", path.display());
        let names = quoted_list(Format::ALL.into_iter().map(Format::name));
        (message, format!("topline reads {names}: {}", way_to_csv(&ending)))
    };
    Diagnostic::error("unknown-format", place.clone(), message).hint(hint).into()
}

/// How a file of another program becomes one that topline reads.
fn way_to_csv(ending: &str) -> &'static str {
    match ending {
        "numbers" => "save the sheet as CSV in UTF-8",
        "por" => "in SPSS, save it as .sav",
        "xpt" | "sas7bcat" => "in SAS, write a .sas7bdat with PROC COPY",
        "rds" | "rdata" | "rda" => "in R, write.csv(data, \"responses.csv\", row.names = FALSE, na = \"\")",
        "asc" | "dat" => "of data at fixed positions, put the Triple-S definition (.sss) beside them and name that",
        "json" | "jsonl" | "sqlite" | "db" => "export it as CSV in UTF-8 or as Parquet",
        _ => "save the responses as CSV in UTF-8",
    }
}
