//! Look.
use topline::{
    chart::{compose, png, svg},
    disclosure::release,
    report::{Report, html, markdown},
    study::Language,
    survey::Survey,
};
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let survey = match Survey::open(a[1].as_ref(), &mut |_, _| {}) {
        Ok(s) => s,
        Err(d) => {
            for d in d.iter() {
                println!("{d:?}");
            }
            panic!()
        }
    };
    let l = if a[2] == "de" { Language::De } else { Language::En };
    let r = release(&survey.study, &survey.plan, &survey.estimates());
    let d = Report::new(&survey, &r, l);
    std::fs::write(format!("{}.html", a[3]), html::render(&d)).unwrap();
    std::fs::write(format!("{}.md", a[3]), markdown::render(&d)).unwrap();
    let q = survey.study.questions.len() - 1;
    let c = compose::ranked(&survey.study, &survey.plan, &r, q, l);
    std::fs::write(format!("{}-chart.png", a[3]), png::render(&svg::render(&c, svg::Width::PAGE), 1.0).unwrap())
        .unwrap();
}
