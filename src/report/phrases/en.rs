//! English.

use super::{Counted, Phrases};

pub(super) const PHRASES: Phrases = Phrases {
    skip: "Skip to content",
    contents: "Contents",
    footer: "Made with topline {version}. The same inputs give the same report, to the byte.",
    finding_base: "{base}: {label}, n\u{a0}=\u{a0}{n}. {interval}: {limits}.",
    no_interval: "cannot be determined",

    headline: "Headline figures",
    nothing_shown: "no figure is shown here, to protect respondents.",

    published: "Published and reproduced",
    published_intro: "Published shares beside the shares that the responses at hand give, each on the base on which \
                      it was asked.",
    published_synthetic: "The responses are synthetic. Agreement only shows that they were made to reproduce the \
                          published shares; it does not confirm the publication.",
    published_found: Counted {
        one: "{count} published share; inside the interval: {inside}.",
        other: "{count} published shares; inside the interval: {inside}.",
    },
    published_share: "Published",
    reproduced_share: "Reproduced",
    limits: "Interval in\u{a0}%",
    inside: "Inside the interval",
    yes: "yes",
    no: "no",

    questions: "Question by question",
    wording: "Wording",
    measured: "Measured",
    form: "Form of answer",
    single: "one answer",
    multiple: "several answers possible",
    scale: "scale",
    number: "number",
    ratio: "ratio of two numbers",
    all_answers: "All answers",
    all_results: "All results",
    value: "Value",
    small_figures: "Small figures: confidence intervals.",
    scroll: "This table is wider than the screen: scroll sideways\u{a0}→",

    method: "How the study was done",
    population: "Population",
    sample: "Kind of sample",
    probability: "Probability sample: everybody had a known chance of being chosen.",
    simulated: "No sample: the responses are simulated.",
    opt_in: "Opt-in sample: respondents chose to take part, for example in a panel.",
    conducted_by: "Conducted by",
    sponsor: "Sponsor and funding",
    frame: "Sampling frame",
    recruitment: "Recruitment",
    mode: "Mode",
    fieldwork: "Fieldwork",
    size: "Sample size",
    respondents: Counted { one: "{count} respondent", other: "{count} respondents" },
    made_up: Counted {
        one: "{count} made-up response; nobody was asked",
        other: "{count} made-up responses; nobody was asked",
    },
    without_weight: Counted {
        one: "{count} respondent with a weight of 0 counts nowhere",
        other: "{count} respondents with a weight of 0 count nowhere",
    },
    weighting: "Weighting",
    not_weighted: "Not weighted",
    quality: "Quality checks",
    excluded: "Left out of all figures were, in this order: {reasons}.",
    limitations: "Limitations",
    contact: "Contact",
    notes: "Notes",
    bases: "Sample sizes",
    bases_caption: "Sample sizes of the questions; those of groups stand below each table",
    absences_caption: "Respondents who are not in the base of a question, by reason",
    absences_note: "Who was not asked is outside the base. The other reasons are those of respondents whom the base asks; where \
                    they say that the question was not shown, base and data contradict each other. An option of several that \
                    was not chosen is no reason: it counts as no.",
    not_asked: "not asked",
    missing: "What the study does not disclose",
    missing_items: Counted {
        one: "{count} item that belongs to a published survey is missing from the study file:",
        other: "{count} items that belong to a published survey are missing from the study file:",
    },
    missing_none: "The study file gives every item that belongs to a published survey.",

    precision: "Weighting and precision",
    equal_weights: "Everybody counts the same: there are no weights. The effective base is the base, n\u{a0}=\u{a0}{n}.",
    calibrated: "Weights were fitted to the population by {method}, so that the sample agrees with it in {margins}.",
    residuals: "Intervals account for that: standard errors are linearised from what the targets leave unexplained of a \
                figure (Deville and Särndal 1992).",
    refitted: "Intervals account for that: the weights of every replicate were fitted anew.",
    gain: "That is the cost for figures that the targets do not explain; what they explain well is more precise.",
    weight_range: "Weights run from {low} to {high} times the average weight.",
    kish: "Kish’s design effect of weighting is {n}\u{a0}/\u{a0}{effective}\u{a0}=\u{a0}{effect} (base over \
           effective base): as far as weights are concerned, the sample is as precise as an unweighted one of \
           {effective} respondents.",
    plan: "Sample design: {strata}; {units}; {degrees}.",
    stages: "Respondents were chosen in {count} stages, all of which are part of the errors.",
    unequal_chances: "Units were chosen with unequal chances without replacement (Brewer's approximation of the variance).",
    strata: Counted { one: "{count} stratum", other: "{count} strata" },
    no_strata: "no strata",
    units: Counted { one: "{count} primary sampling unit", other: "{count} primary sampling units" },
    every_respondent: "each respondent is a sampling unit",
    degrees: Counted { one: "{count} degree of freedom", other: "{count} degrees of freedom" },
    degrees_of_domain: "The degrees of freedom of a figure are those of the units and strata with anybody in its base.",
    degrees_of_strata: "The degrees of freedom of a figure are those of the strata with anybody in its base, with all their \
                        units.",
    like: "Where survey systems differ and nothing else is said here, definitions are those of {system}.",
    finite: "The size of the finite population is taken into account.",
    errors: "Standard errors are linearised (Taylor series, Binder 1983). They include weights and sample \
             design{in_intervals}.",
    replicated: "Standard errors come from {count} replicate weights ({replicates}): they say how much a figure scatters \
                 over samples as they might also have come out. Weights and sample design are in them{in_intervals}.",
    plan_of_replicates: "The sample design is in the replicate weights; {degrees}.",
    in_intervals: ", so the design effect is part of every interval",
    logit: "Confidence intervals of shares are computed on the logit scale with quantiles of {quantile} (Korn and \
            Graubard 1999, p.\u{a0}64), so they never leave 0 to 100%.",
    wald: "Confidence intervals of shares are the share plus and minus its standard error times a quantile of \
           {quantile} (Wald).",
    wilson: "Confidence intervals of shares are Wilson’s (1927), on the effective base and with quantiles of \
             {quantile}.",
    arcsine: "Confidence intervals of shares are computed on the scale of the arcsine of the root, with quantiles of \
              {quantile}.",
    likelihood: "Confidence intervals of shares hold the values that a likelihood ratio on the effective base does not \
                 reject (Rao and Scott 1984), with quantiles of {quantile}.",
    korn_graubard: "Confidence intervals of shares are Clopper and Pearson’s on the effective base (Korn and Graubard \
                    1998, p.\u{a0}193).",
    nchs: "Confidence intervals of shares are Clopper and Pearson’s on the effective base, which counts as no larger \
           than the number of respondents (Parker et al. 2017). Where nobody or everybody said so, they stand on the \
           number of respondents.",
    clopper_pearson: "Confidence intervals of shares are Clopper and Pearson’s (1934).",
    agresti_coull: "Confidence intervals of shares are Agresti and Coull’s (1998).",
    jeffreys: "Confidence intervals of shares are those of Jeffreys’ prior (Brown, Cai and DasGupta 2001).",
    independent: "They take answers as independent draws: they use the share and the number of respondents, and ignore \
                  weights, strata and sampling units.",
    student: "Student’s t",
    normal: "the normal distribution",
    extremes: "Where nobody or everybody said so, the interval is Clopper and Pearson’s on the effective base.",
    means: "Confidence intervals of means are the mean plus and minus its standard error times a quantile of \
            {quantile}.",
    quantiles: "Those of medians and other quantiles are the limits of the share of answers up to them ({kind}), read off as \
                the quantile is (Woodruff 1952).",
    all_intervals: "“topline estimates” prints the intervals of all figures, those of groups included.",
    level: "The confidence level is {level}.",
    precise_probability: "Intervals describe sampling error: over repeated samples, {level} of such intervals would \
                          hold the value of the population. They do not include other errors, such as nonresponse, \
                          wording or recording.",
    precise_simulated: "The responses are simulated. Intervals are as wide as they would be for as many real responses; they \
                        say nothing about people.",
    precise_opt_in: "Respondents chose to take part, so there is no sampling error that follows from a selection. \
                     The intervals are model-based: they assume that, after weighting, respondents differ from the \
                     population only by chance{effect}. Whether that holds cannot be told from the responses.",
    effect: ", and they include the design effect",
    precise_undeclared: "The kind of sample is not declared. The intervals may be read as sampling error only if \
                         respondents were chosen at random.",

    protection: "Protection of respondents",
    minimum: "Only figures that stand on at least {minimum} respondents are shown: a share is withheld where fewer \
              than {minimum} gave the answer, where fewer than {minimum} gave another, or where fewer than {minimum} \
              are in the base. In bases under {very_low}, shares of 0 and 100% are withheld too.",
    no_minimum: "The study file asks for no minimum count; no figure is withheld for being based on few respondents.",
    withheld: Counted {
        one: "{count} of {figures} figures is withheld. Reasons:",
        other: "{count} of {figures} figures are withheld. Reasons:",
    },
    withheld_none: "No figure had to be withheld; {figures} are shown.",
    withheld_base: "base too small: {count}",
    withheld_cell: "too few with or without this answer, or such a figure could be worked out otherwise: {count}",
    complement: "A withheld figure must not follow from the others. Further ones are therefore withheld until \
                 no difference gives a small count away. Each table is checked on its own.",
    columns: Counted {
        one: "Only the {count} column that the study file names was evaluated.",
        other: "Only the {count} columns that the study file names were evaluated.",
    },
    scope: "The report holds nothing about single persons.",

    symbols: "Symbols",
    interval_mark: "from the lower to the upper limit of the confidence interval",
};
