//! Cells of respondents, and sums of their weights.

/// All respondents who have the same level in every margin and the same numbers: they get the same factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The level in each margin, in the order of the margins.
    pub levels: Vec<u32>,
    /// The value of each calibration number; often there is none.
    pub numbers: Vec<f64>,
    /// Their base weights.
    pub base: WeightSums,
}

/// What is known of the weights of some respondents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightSums {
    /// `n`: how many respondents. Those of weight 0 are none.
    pub respondents: u64,
    /// `Σw`.
    pub sum: f64,
    /// `Σw²`.
    pub squares: f64,
    /// The lowest weight.
    pub lowest: f64,
    /// The highest weight.
    pub highest: f64,
}

/// How unequal weights are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// `n`: how many respondents.
    pub respondents: u64,
    /// `Σw / n`.
    pub mean: f64,
    /// The lowest weight.
    pub lowest: f64,
    /// The highest weight.
    pub highest: f64,
    /// `CV`: the standard deviation of the weights (that of a population, divided by `n`) over their mean.
    pub coefficient_of_variation: f64,
    /// `n Σw² / (Σw)² = 1 + CV²`: by how much unequal weights raise the variance of a mean that they have nothing to do
    /// with (Kish 1965, *Survey Sampling*, p. 427).
    pub design_effect: f64,
    /// `(Σw)² / Σw²`: the effective base.
    pub effective_base: f64,
}

impl Default for WeightSums {
    fn default() -> Self {
        Self { respondents: 0, sum: 0.0, squares: 0.0, lowest: f64::INFINITY, highest: f64::NEG_INFINITY }
    }
}

impl WeightSums {
    /// So many respondents, all of this weight.
    #[must_use]
    pub fn of_equal(weight: f64, respondents: u64) -> Self {
        if weight == 0.0 || respondents == 0 {
            return Self::default();
        }
        let n = respondents as f64;
        Self { respondents, sum: n * weight, squares: n * weight * weight, lowest: weight, highest: weight }
    }

    /// Adds a respondent.
    pub fn add(&mut self, weight: f64) {
        self.merge(Self::of_equal(weight, 1));
    }

    /// Adds other respondents.
    pub fn merge(&mut self, other: Self) {
        self.respondents += other.respondents;
        self.sum += other.sum;
        self.squares += other.squares;
        self.lowest = self.lowest.min(other.lowest);
        self.highest = self.highest.max(other.highest);
    }

    /// The same respondents with their weights times a factor; all of weight 0, and so none, where it is 0.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        if factor == 0.0 || self.respondents == 0 {
            return Self::default();
        }
        let ends = [self.lowest * factor, self.highest * factor];
        Self {
            respondents: self.respondents,
            sum: self.sum * factor,
            squares: self.squares * factor * factor,
            lowest: ends[0].min(ends[1]),
            highest: ends[0].max(ends[1]),
        }
    }

    /// The sums over all cells, of base weight times factor.
    #[must_use]
    pub fn over<'a>(cells: impl IntoIterator<Item = (&'a Cell, f64)>) -> Self {
        let mut sums = Self::default();
        cells.into_iter().for_each(|(cell, factor)| sums.merge(cell.base.times(factor)));
        sums
    }

    /// How unequal the weights are; `None` where they sum to nothing.
    #[must_use]
    pub fn spread(self) -> Option<Spread> {
        let n = self.respondents as f64;
        let design_effect = n * self.squares / (self.sum * self.sum);
        (self.respondents > 0 && design_effect.is_finite()).then(|| Spread {
            respondents: self.respondents,
            mean: self.sum / n,
            lowest: self.lowest,
            highest: self.highest,
            // Rounding can leave a design effect just below 1.
            coefficient_of_variation: (design_effect - 1.0).max(0.0).sqrt(),
            design_effect,
            effective_base: self.sum * self.sum / self.squares,
        })
    }

    /// The weight that all of them have; `None` where they differ.
    #[must_use]
    pub fn common(self) -> Option<f64> {
        (self.lowest == self.highest).then_some(self.lowest)
    }
}
