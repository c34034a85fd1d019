//! Other counts of a margin that agree with what is shown: what its respondents may be, for all that a reader knows.

use std::collections::HashSet;

use super::margins::Groups;

/// The counts that are reached by steps, each of which changes some counts by so many; the nearest, where they are very many.
pub(super) fn others(counts: &[u64], mut next: impl FnMut(&[u64]) -> Vec<Vec<(usize, i64)>>) -> Vec<Vec<u64>> {
    const MOST: usize = 500;
    let mut known = HashSet::from([counts.to_vec()]);
    let mut reached = vec![counts.to_vec()];
    let mut position = 0;
    while position < reached.len() && reached.len() < MOST {
        for changes in next(&reached[position]) {
            let mut other = reached[position].clone();
            for (place, by) in changes {
                other[place] = other[place].saturating_add_signed(by);
            }
            if known.insert(other.clone()) {
                reached.push(other);
            }
        }
        position += 1;
    }
    reached.split_off(1)
}

impl Groups {
    /// The withheld groups may have other numbers that add up to the same, so many each at least.
    pub(super) fn exchange_in_pairs(&mut self, least: impl Fn(usize) -> u64) {
        let hidden: Vec<usize> = (0..self.counts.len()).filter(|group| self.hidden[*group]).collect();
        let next = |counts: &[u64]| {
            let pairs = hidden.iter().flat_map(|one| hidden.iter().map(move |other| (*one, *other)));
            let pairs = pairs.filter(|(one, other)| one != other && counts[*other] > least(*other));
            pairs.map(|(one, other)| vec![(one, 1), (other, -1)]).collect()
        };
        self.others = others(&self.counts, next);
    }

    /// Two respondents of withheld cells may have each other's level of a variable: how many are at each level stays the same.
    pub(super) fn exchange_levels(&mut self, sizes: &[usize]) {
        let hidden: Vec<usize> = (0..self.counts.len() - 1).filter(|cell| self.hidden[*cell]).collect();
        let spans: Vec<usize> = (0..sizes.len()).map(|variable| sizes[variable + 1..].iter().product()).collect();
        let next = |counts: &[u64]| {
            let open: Vec<usize> = hidden.iter().copied().filter(|cell| counts[*cell] > 1).collect();
            let pairs =
                open.iter().enumerate().flat_map(|(place, one)| open[..place].iter().map(|other| (*one, *other)));
            let exchange = |(one, other): (usize, usize), span: usize, size: usize| {
                let by = (other / span % size) * span;
                let own = (one / span % size) * span;
                let (new_one, new_other) = (one + by - own, other + own - by);
                let is_hidden = hidden.contains(&new_one) && hidden.contains(&new_other);
                (by != own && new_one != other && is_hidden)
                    .then(|| vec![(one, -1), (other, -1), (new_one, 1), (new_other, 1)])
            };
            let of_pair = |pair| spans.iter().zip(sizes).filter_map(move |(span, size)| exchange(pair, *span, *size));
            pairs.flat_map(of_pair).collect()
        };
        self.others = others(&self.counts, next);
    }
}
