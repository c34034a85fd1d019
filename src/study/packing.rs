//! Multiple responses whose answers are packed into few cells: a list in one cell, or codes of what was chosen in
//! several.
//!
//! Everything that counts wants a column of 0 and 1 for each option. A [`Packing`] says which columns these would be and
//! how they follow from the cells that there are; whoever reads the file hands them over as if they stood in it.

use super::{
    Kind,
    spec::{QuestionSpec, Spec},
};

/// How the answers of a multiple response are packed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packing {
    /// The columns of the file.
    pub packed: Vec<String>,
    /// What stands between answers in a cell; without it a cell holds one.
    pub separator: Option<String>,
    /// A column for each option.
    pub columns: Vec<String>,
    /// The code of each option, and its other spellings.
    pub codes: Vec<Vec<String>>,
    /// Codes that are no answer.
    pub missing: Vec<String>,
    /// The position of the option that everything else counts as.
    pub other: Option<usize>,
}

impl Spec {
    /// The questions whose answers are packed.
    #[must_use]
    pub fn packings(&self) -> Vec<Packing> {
        self.questions.iter().filter_map(|question| question.packing(self)).collect()
    }
}

impl QuestionSpec {
    /// How its answers are packed, if they are and its options are listed.
    pub(super) fn packing(&self, spec: &Spec) -> Option<Packing> {
        if !self.is_packed() {
            return None;
        }
        let packed: Vec<String> = match &self.columns {
            Some(columns) => columns.value.iter().map(|column| column.value.clone()).collect(),
            None => vec![self.id.value.clone()],
        };
        let name = if packed.len() == 1 { &packed[0] } else { &self.id.value };
        let options = self.options.as_ref()?;
        let spellings =
            |also: &[super::reader::Typed<String>]| also.iter().map(|text| text.value.clone()).collect::<Vec<_>>();
        let missing = self.missing.iter().chain(&spec.missing);
        Some(Packing {
            separator: self.separator.as_ref().map(|separator| separator.value.clone()),
            columns: options.iter().map(|option| format!("{name}: {}", option.code.value)).collect(),
            codes: (options.iter())
                .map(|option| [vec![option.code.value.clone()], spellings(&option.also)].concat())
                .collect(),
            missing: missing.map(|missing| missing.code.value.clone()).collect(),
            other: self
                .other
                .as_ref()
                .and_then(|other| options.iter().position(|option| option.code.value == other.value)),
            packed,
        })
    }

    /// Whether cells hold options rather than whether one was chosen.
    pub(super) fn is_packed(&self) -> bool {
        self.kind == Some(Kind::Multiple) && (self.separator.is_some() || self.holds_codes)
    }
}
