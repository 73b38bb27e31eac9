//! The small steps between the convolutions: scaling, adding, pooling, enlarging, activations on their own.

use crate::activation::Activation;
use crate::lanes::{Lanes, Quad};
use crate::tensor::Tensor;

/// Every channel times its factor plus its shift.
pub(crate) fn scale(tensor: &mut Tensor, factors: &[Quad], shifts: &[Quad]) {
    let stride = tensor.stride();
    for pixel in tensor.data.chunks_exact_mut(stride) {
        for ((quad, factor), shift) in pixel.iter_mut().zip(factors).zip(shifts) {
            let scaled = Lanes::load(shift).add_product(Lanes::load(quad), Lanes::load(factor));
            *quad = scaled.quad();
        }
    }
}

/// An activation that could not be joined to the step before it.
pub(crate) fn activate(tensor: &mut Tensor, activation: &Activation) {
    let stride = tensor.stride();
    for pixel in tensor.data.chunks_exact_mut(stride) {
        for (at, quad) in pixel.iter_mut().enumerate() {
            *quad = activation.apply(Lanes::load(quad), at).quad();
        }
    }
}

/// The logistic function of every value.
pub(crate) fn sigmoid(tensor: &mut Tensor) {
    for value in tensor.data.as_flattened_mut() {
        *value = 1.0 / (1.0 + (-*value).exp());
    }
}

/// The sum of two pictures of one size; None when they differ in it.
pub(crate) fn add(mut a: Tensor, b: &Tensor) -> Option<Tensor> {
    let size = |tensor: &Tensor| [tensor.height, tensor.width, tensor.channels];
    if size(&a) != size(b) {
        return None;
    }
    for (a, b) in a.data.iter_mut().zip(&b.data) {
        *a = Lanes::load(a).add(Lanes::load(b)).quad();
    }
    Some(a)
}

/// The largest of every 2x2 pixels; an odd last row or column is left out.
pub(crate) fn pool(from: &Tensor) -> Tensor {
    let (height, width, stride) = (from.height / 2, from.width / 2, from.stride());
    let mut data = Vec::with_capacity(height * width * stride);
    for rows in from.data.chunks_exact(2 * from.width * stride) {
        let (upper, lower) = rows.split_at(from.width * stride);
        let pairs = |row: &'_ [Quad]| -> Vec<(Lanes, Lanes)> {
            let pairs = row.chunks_exact(2 * stride).flat_map(|pair| {
                let (left, right) = pair.split_at(stride);
                left.iter().zip(right)
            });
            pairs
                .map(|(left, right)| (Lanes::load(left), Lanes::load(right)))
                .collect()
        };
        for ((a, b), (c, d)) in pairs(upper).into_iter().zip(pairs(lower)) {
            data.push(a.larger(b).larger(c.larger(d)).quad());
        }
    }
    Tensor {
        height,
        width,
        channels: from.channels,
        data,
    }
}

/// Every pixel four times: twice the height and the width.
pub(crate) fn double(from: &Tensor) -> Tensor {
    let stride = from.stride();
    let mut data = Vec::with_capacity(from.data.len() * 4);
    for row in from.data.chunks_exact(from.width * stride) {
        for _ in 0..2 {
            for pixel in row.chunks_exact(stride) {
                data.extend_from_slice(pixel);
                data.extend_from_slice(pixel);
            }
        }
    }
    Tensor {
        height: from.height * 2,
        width: from.width * 2,
        channels: from.channels,
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows of three pixels with two channels: 1 to 6, and ten times as much.
    fn picture() -> Tensor {
        let planes: Vec<f32> = (1..=6_u8).map(f32::from).collect();
        let both: Vec<f32> = planes
            .iter()
            .copied()
            .chain(planes.iter().map(|v| v * 10.0))
            .collect();
        Tensor::from_planes(&both, [2, 2, 3]).unwrap()
    }

    #[test]
    fn planes_become_pixels() {
        let right = [
            1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0, 5.0, 50.0, 6.0, 60.0,
        ];
        assert_eq!(picture().values(), right);
        assert!(Tensor::from_planes(&[0.0; 5], [1, 2, 3]).is_none());
    }

    #[test]
    fn pooling_drops_the_odd_column_and_doubling_repeats() {
        assert_eq!(pool(&picture()).values(), [5.0, 50.0]);
        let doubled = double(&pool(&picture()));
        assert_eq!((doubled.height, doubled.width), (2, 2));
        assert_eq!(doubled.values(), [5.0, 50.0].repeat(4));
    }

    #[test]
    fn sums_scales_and_activations() {
        let mut sum = add(picture(), &picture()).unwrap();
        assert!(add(picture(), &pool(&picture())).is_none());
        scale(&mut sum, &[[1.0, -0.1, 0.0, 0.0]], &[[1.0, 0.0, 0.0, 0.0]]);
        assert_eq!(sum.values()[..4], [3.0, -2.0, 5.0, -4.0]);
        activate(&mut sum, &Activation::PRelu(vec![[0.5; 4]]));
        assert_eq!(sum.values()[..4], [3.0, -1.0, 5.0, -2.0]);
        activate(&mut sum, &Activation::Relu);
        assert_eq!(sum.values()[..4], [3.0, 0.0, 5.0, 0.0]);
        sigmoid(&mut sum);
        assert!((sum.values()[1] - 0.5).abs() < 1e-6);
    }
}
