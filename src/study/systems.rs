//! Definitions in which survey systems differ, as presets: `[design] like = "stata"`, or `--like stata` for one call.
//!
//! A preset makes topline compute what the system computes by default, as far as both can. Keys of `[design]` that stand
//! next to `like` override it, options of a call override both. Weights, strata, units and populations are never touched.
//!
//! | | R | Stata | SAS | SPSS |
//! |---|---|---|---|---|
//! | command | `svyciprop` of a `subset` | `svy, subpop(): proportion` | `SURVEYFREQ`, `SURVEYMEANS` | `CSTABULATE` |
//! | interval of a share | logit \[r1] | logit \[st1] | Wald \[sas1] | logit \[sp1] |
//! | quantiles | t \[r1] | t \[st2] | t \[sas2] | t \[sp1] |
//! | degrees of freedom | domain \[r1] | strata \[st3] | design \[sas2] | design \[sp1]; in a subpopulation not verified |
//! | lonely unit | fail \[r2] | fail \[st4] | certainty \[sas3] | certainty \[sp2] |
//! | design effect | without \[r3] | not verified | with \[sas4] | not verified |
//! | interval of a quantile | Woodruff's, Wald \[r4] | as of shares, not verified | Woodruff's, Wald \[sas5] | none: `CSDESCRIPTIVES` has no quantiles |
//! | quantile rule | math \[r4] | school, not verified | none of ours \[sas5] | none |
//! | residuals of raked weights | respondents \[r5] | not verified | not verified | none |
//!
//! Where a cell says "not verified" or "none", topline's own default stands, but for Stata's `_pctile`, whose rule is that of
//! Hyndman & Fan's type 2 by the quantile vignette of R's `survey` and not by a manual that we read.
//!
//! # What a system does that topline does not
//!
//! * R: `confint` of a mean takes the normal distribution unless it is given `df`; the preset says t for all figures.
//!   Where one limit of the share up to a quantile is outside of 0 to 1, `svyquantile` reads off the other; here there is
//!   neither.
//! * Stata: where a stratum has a lonely unit, estimates are printed without errors \[st4]; `fail` is an error. `svy` has no
//!   quantiles, so that the interval of one is ours.
//! * SAS: without `NOMCAR`, those who gave no answer leave the sample and not only the base, with their units and strata
//!   \[sas2]; here they stay, as with `NOMCAR`. Only the first stage counts \[sas6]; here later stages count where
//!   finite populations are given. With `TOTAL=` or `RATE=` the design effect takes out the sampled fraction of units
//!   \[sas4]. `SURVEYMEANS` joins quantiles between different answers by straight lines \[sas5]: `hf4` does the same only where
//!   no two answers are equal, so it is not taken. Its limits of a quantile are those read off only with `NONSYMCL`; else they
//!   are the quantile ∓ t · error \[sas5].
//! * SPSS: what is not verified above.
//!
//! # Sources
//!
//! * \[r1] R `survey`, `?svyciprop`: `method = "logit"` first, `df = degf(design)` of the design it is given, which `subset` makes
//!   smaller. \[r2] `?surveyoptions`: `survey.lonely.psu`. \[r3] `?surveysummary`: `deff = TRUE` compares with a sample without
//!   replacement, `"replace"` with one with. \[r4] `?svyquantile`: `qrule = "math"` and `interval.type = "mean"` first; numbers of R in
//!   `tests/reference/like.csv`. \[r5] `rake`, by the source of `svyrecvar`; numbers in `tests/reference/calibrated.csv`. `postStratify`
//!   and `calibrate` take base weights, as topline does, also of weights raked to levels that are `spread`, or trimmed.
//! * \[st1] Stata, `help proportion`: "default is citype(logit)". \[st2] The interval of the mean in the output that follows is that of
//!   t with its "Design df". \[st3] An output of `svy, subpop()` that notes "92 strata omitted because they contain no
//!   subpopulation members" and has 96 = 169 units − 73 strata for 114 respondents: units with none of them count (AHRQ,
//!   exercises of the MEPS workshop). \[st4] Stata FAQ, M. Lv, *Missing standard error because of stratum with
//!   single sampling unit*.
//! * SAS/STAT User's Guide: \[sas1] `SURVEYFREQ`, *Confidence Limits for Proportions*; \[sas2] `SURVEYFREQ` and `SURVEYMEANS`,
//!   *Degrees of Freedom*; \[sas3] `SURVEYMEANS`, *Variance and Standard Error of the Mean*: 0 where a stratum has one unit and
//!   another has more; \[sas4] `SURVEYFREQ`, *Design Effect*; \[sas5] `SURVEYMEANS`, *Quantiles*; \[sas6] `SURVEYMEANS`, *Statistical
//!   Computations*.
//! * IBM support: \[sp1] 480661, *How does SPSS compute confidence intervals on percentages in Complex Samples*: logit, t, units −
//!   strata; \[sp2] *How does SPSS Complex Samples handle singleton clusters within strata*: they add nothing.

use super::{
    DegreesOfFreedom, Design, DesignEffect, Interval, LonelyUnit, Quantile, QuantileRule, Study, weighting::Residuals,
};

/// A survey system whose definitions can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// The package `survey` of R.
    R,
    /// Stata's prefix `svy`.
    Stata,
    /// SAS/STAT's survey procedures.
    Sas,
    /// SPSS Complex Samples.
    Spss,
}

/// Definitions in which systems differ. The default is topline's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Definitions {
    /// The interval of a share.
    pub interval: Interval,
    /// Where the quantiles of intervals come from.
    pub quantile: Quantile,
    /// Whose units and strata count.
    pub degrees_of_freedom: DegreesOfFreedom,
    /// What a stratum with a single unit adds.
    pub lonely_unit: LonelyUnit,
    /// What is called the design effect.
    pub design_effect: DesignEffect,
    /// How quantiles are read off.
    pub quantile_rule: QuantileRule,
    /// The interval of the share up to a quantile; none is that of shares.
    pub quantile_interval: Option<Interval>,
    /// How respondents count in the residuals of raked weights.
    pub residuals_of_raking: Residuals,
}

impl System {
    /// All systems.
    pub const ALL: [Self; 4] = [Self::R, Self::Stata, Self::Sas, Self::Spss];

    /// The name in study files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::R => "r",
            Self::Stata => "stata",
            Self::Sas => "sas",
            Self::Spss => "spss",
        }
    }

    /// The name that people know.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::R => "R (survey)",
            Self::Stata => "Stata (svy)",
            Self::Sas => "SAS/STAT",
            Self::Spss => "SPSS Complex Samples",
        }
    }

    /// What the system does by default.
    #[must_use]
    pub fn definitions(self) -> Definitions {
        let ours = Definitions::default();
        match self {
            Self::R => Definitions {
                interval: Interval::Logit,
                degrees_of_freedom: DegreesOfFreedom::Domain,
                lonely_unit: LonelyUnit::Fail,
                design_effect: DesignEffect::Without,
                quantile_rule: QuantileRule::Math,
                quantile_interval: Some(Interval::Wald),
                residuals_of_raking: Residuals::Respondents,
                ..ours
            },
            Self::Stata => Definitions {
                interval: Interval::Logit,
                degrees_of_freedom: DegreesOfFreedom::Strata,
                lonely_unit: LonelyUnit::Fail,
                quantile_rule: QuantileRule::School,
                ..ours
            },
            Self::Sas => Definitions {
                interval: Interval::Wald,
                degrees_of_freedom: DegreesOfFreedom::Design,
                lonely_unit: LonelyUnit::Certainty,
                design_effect: DesignEffect::With,
                quantile_interval: Some(Interval::Wald),
                ..ours
            },
            Self::Spss => Definitions {
                interval: Interval::Logit,
                degrees_of_freedom: DegreesOfFreedom::Design,
                lonely_unit: LonelyUnit::Certainty,
                ..ours
            },
        }
    }
}

impl Study {
    /// Takes over the definitions of a system.
    pub fn follow(&mut self, system: System) {
        self.design.follow(system);
        if let Some(weighting) = &mut self.weighting {
            weighting.follow(system);
        }
    }
}

impl Design {
    fn follow(&mut self, system: System) {
        let Definitions {
            interval,
            quantile,
            degrees_of_freedom,
            lonely_unit,
            design_effect,
            quantile_rule,
            quantile_interval,
            residuals_of_raking: _,
        } = system.definitions();
        // Under replicate weights those of a base are not known.
        let degrees_of_freedom = if self.replicates.is_some() { DegreesOfFreedom::Design } else { degrees_of_freedom };
        *self = Self {
            like: Some(system),
            interval,
            quantile,
            degrees_of_freedom,
            lonely_unit,
            design_effect,
            quantile_rule,
            quantile_interval,
            ..self.clone()
        };
    }
}
