//! The numbers themselves, kept only where quantiles or ranks are wanted, which no sums can give.
//!
//! This is the one part of a tally that grows with the respondents: 20 bytes for each answer, 2 more for each segment, and 8
//! for each replicate weight that is read from a column.

/// The answers to a number question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// The numbers, in the order of the file.
    pub values: Vec<f64>,
    /// Their weights.
    pub weights: Vec<f64>,
    /// Their groups, or the parts of these that there are sums for.
    pub groups: Vec<u32>,
    /// Their cells, where units are calibrated; otherwise empty.
    pub cells: Vec<u32>,
    /// Their replicate weights, answer after answer, where these are read from columns; otherwise empty.
    pub replicates: Vec<f64>,
    /// For each segment their places.
    pub places: Vec<Vec<u16>>,
}

impl Numbers {
    /// No answers yet, in a study of so many segments; without segments everybody has place 0 in a single one.
    #[must_use]
    pub fn empty(segments: usize) -> Self {
        Self { places: vec![Vec::new(); segments.max(1)], ..Self::default() }
    }

    /// Positions of those in a place, by their number, ties in the order of the file; the total is place 0.
    #[must_use]
    pub fn sorted(&self, place: usize) -> Vec<usize> {
        let segment = self.places.iter().find(|places| places.iter().any(|known| usize::from(*known) == place));
        let is_in =
            |position: &usize| place == 0 || segment.is_some_and(|places| usize::from(places[*position]) == place);
        let mut positions: Vec<usize> = (0..self.values.len()).filter(is_in).collect();
        positions.sort_by(|one, other| self.values[*one].total_cmp(&self.values[*other]));
        positions
    }

    /// Adds further answers, whose groups have these positions here.
    pub(super) fn merge(&mut self, other: &Self, groups: &[usize]) {
        self.values.extend(&other.values);
        self.weights.extend(&other.weights);
        self.cells.extend(&other.cells);
        self.replicates.extend(&other.replicates);
        self.groups.extend(other.groups.iter().map(|group| groups[*group as usize] as u32));
        self.places.iter_mut().zip(&other.places).for_each(|(mine, theirs)| mine.extend(theirs));
    }
}
