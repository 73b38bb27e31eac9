//! Templates of several captures, compared with every other picture.

use super::data::Image;
use measuring::random::SplitMix64;

/// Impostor comparisons of all draws together, at most; keeps the memory below 200 MB.
const MOST: usize = 20_000_000;
/// Draws of the captures, at most.
const DRAWS: usize = 10;

/// The normalised mean of some pictures of one person, and what is left of that person's pictures.
pub(super) struct Template {
    pub(super) subject: usize,
    features: Vec<f32>,
    /// Numbers of the person's pictures that are not in the template.
    rest: Vec<usize>,
}

/// One comparison of a template with a picture: the two persons, and the cosine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) template: usize,
    pub(super) image: usize,
    pub(super) score: f32,
}

/// All acquired pictures of known persons, and the templates made of them.
pub(super) struct Comparisons<'a> {
    probes: Vec<(usize, &'a [f32])>,
    pub(super) templates: Vec<Template>,
    /// Templates of each person, each of other captures.
    pub(super) draws: usize,
}

impl<'a> Comparisons<'a> {
    /// Templates for every person with more than `captures` acquired pictures: each of `captures` pictures that
    /// are drawn at random. Several draws, so that the result does not hang on which pictures are in the
    /// templates and which are probes; as many as [`MOST`] allows. Without `random` the first by name are taken, once.
    pub(super) fn new(
        images: &[Image],
        features: &'a [Option<Vec<f32>>],
        captures: usize,
        mut random: Option<&mut SplitMix64>,
    ) -> Self {
        let probes: Vec<(usize, &[f32])> = images
            .iter()
            .zip(features)
            .filter_map(|(image, features)| Some((image.subject?, features.as_deref()?)))
            .collect();
        let mut own: Vec<Vec<usize>> = Vec::new();
        for (index, (subject, _)) in probes.iter().enumerate() {
            own.resize_with(own.len().max(subject + 1), Vec::new);
            own[*subject].push(index);
        }
        let people: Vec<_> = (0..own.len())
            .filter(|subject| own[*subject].len() > captures)
            .collect();
        let most = if random.is_some() { DRAWS } else { 1 };
        let draws = (MOST / (people.len() * probes.len()).max(1)).clamp(1, most);
        let mut templates = Vec::with_capacity(draws * people.len());
        for subject in people.iter().cycle().take(draws * people.len()) {
            if let Some(random) = random.as_deref_mut() {
                random.shuffle(&mut own[*subject]);
            }
            let (taken, rest) = own[*subject].split_at(captures);
            templates.push(Template {
                subject: *subject,
                features: mean(taken.iter().map(|index| probes[*index].1)),
                rest: rest.to_vec(),
            });
        }
        Self {
            probes,
            templates,
            draws,
        }
    }

    /// Whether there is anything to compare: a template, and pictures of at least one other person.
    pub(super) fn has_both(&self) -> bool {
        self.genuine().next().is_some() && self.impostors().next().is_some()
    }

    /// Every template with the pictures of its person that are not in it.
    pub(super) fn genuine(&self) -> impl Iterator<Item = Comparison> + '_ {
        self.templates.iter().flat_map(|template| {
            template
                .rest
                .iter()
                .map(|index| compare(template, &self.probes[*index]))
        })
    }

    /// Every template with every picture of every other person.
    pub(super) fn impostors(&self) -> impl Iterator<Item = Comparison> + '_ {
        self.templates.iter().flat_map(|template| {
            let others = self
                .probes
                .iter()
                .filter(|(subject, _)| *subject != template.subject);
            others.map(|probe| compare(template, probe))
        })
    }

    /// The people who have templates.
    pub(super) fn people(&self) -> Vec<usize> {
        let people = self
            .templates
            .iter()
            .take(self.templates.len() / self.draws);
        people.map(|template| template.subject).collect()
    }

    /// Acquired pictures of each person, by the person's number.
    pub(super) fn pictures(&self, subjects: usize) -> Vec<usize> {
        let mut count = vec![0; subjects];
        self.probes
            .iter()
            .for_each(|(subject, _)| count[*subject] += 1);
        count
    }
}

fn compare(template: &Template, (image, features): &(usize, &[f32])) -> Comparison {
    Comparison {
        template: template.subject,
        image: *image,
        score: cosine(&template.features, features),
    }
}

/// The cosine of two vectors of unit length.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The normalised mean, as an enrolment makes it.
fn mean<'a>(all: impl Iterator<Item = &'a [f32]>) -> Vec<f32> {
    let mut sum: Vec<f32> = Vec::new();
    for features in all {
        sum.resize(features.len(), 0.0);
        sum.iter_mut().zip(features).for_each(|(sum, x)| *sum += x);
    }
    let norm = cosine(&sum, &sum).sqrt().max(f32::MIN_POSITIVE);
    sum.iter().map(|x| x / norm).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_meet_their_own_rest_and_all_others() {
        let image = |subject| Image {
            path: "x".into(),
            subject,
        };
        let images = [Some(0), Some(0), Some(0), Some(1), Some(1), Some(2), None].map(image);
        let along = |x: f32, y: f32| Some(vec![x, y]);
        let features = [
            along(1.0, 0.0),
            along(0.0, 1.0),
            along(0.6, 0.8),
            along(1.0, 0.0),
            None,
            along(0.8, 0.6),
            along(1.0, 0.0),
        ];
        let all = Comparisons::new(&images, &features, 2, Some(&mut SplitMix64(1)));
        assert_eq!(
            (all.people(), all.draws, all.templates.len()),
            (vec![0], DRAWS, DRAWS)
        );
        let genuine: Vec<_> = all.genuine().collect();
        assert_eq!(genuine.len(), DRAWS);
        // One of the three against the mean of the two others, which is never one of the two.
        let mean = |a: [f32; 2], b: [f32; 2], p: [f32; 2]| {
            let sum = [a[0] + b[0], a[1] + b[1]];
            (sum[0] * p[0] + sum[1] * p[1]) / sum[0].hypot(sum[1])
        };
        let [a, b, c] = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]];
        let possible = [mean(a, b, c), mean(a, c, b), mean(b, c, a)];
        assert!(
            genuine
                .iter()
                .all(|g| possible.iter().any(|p| (g.score - p).abs() < 1e-6))
        );
        let persons: Vec<_> = all.impostors().map(|c| (c.template, c.image)).collect();
        assert_eq!(persons, [(0, 1), (0, 2)].repeat(DRAWS));
        assert_eq!(all.pictures(3), [3, 1, 1]);
        // With one capture the person whose second picture failed has no template either.
        assert_eq!(
            Comparisons::new(&images, &features, 1, Some(&mut SplitMix64(1))).people(),
            [0]
        );
        // The first two are the template, the third is compared.
        let first = Comparisons::new(&images, &features, 2, None);
        let scores: Vec<_> = first.genuine().map(|genuine| genuine.score).collect();
        assert_eq!(scores.len(), 1);
        assert!((scores[0] - mean(a, b, c)).abs() < 1e-6);
    }
}
