//! The frame of a line chart: where a share of its width or height lies, and the lines and words around it.

use leptos::prelude::*;

/// How wide a chart is drawn; it is shown as wide as the panel.
const WIDTH: f64 = 336.0;
/// What is left free above and to the right, and below for the words under the axis.
const MARGIN: f64 = 8.0;
const FOOT: f64 = 20.0;

/// A chart's height, and the room for the words beside its axis.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    height: f64,
    left: f64,
}

impl Frame {
    pub(super) const fn new(height: f64, left: f64) -> Self {
        Self { height, left }
    }

    /// Where a share of the width lies, from the left.
    pub(super) fn x(self, share: f64) -> f64 {
        self.left + (WIDTH - self.left - MARGIN) * share.clamp(0.0, 1.0)
    }

    /// Where a share of the height lies, from below.
    pub(super) fn y(self, share: f64) -> f64 {
        MARGIN + (self.height - FOOT - MARGIN) * (1.0 - share.clamp(0.0, 1.0))
    }

    /// A line through places, given as shares of the width and the height.
    pub(super) fn line(self, class: String, places: impl Iterator<Item = (f64, f64)>) -> AnyView {
        let points: Vec<String> = places.map(|(x, y)| format!("{:.1},{:.1}", self.x(x), self.y(y))).collect();
        view! { <polyline class=format!("curve {class}") points=points.join(" ")/> }.into_any()
    }

    /// A level with its figure beside the axis.
    pub(super) fn level(self, class: &'static str, share: f64, figure: String) -> impl IntoView {
        let y = self.y(share);
        view! {
            <line class=class x1=self.left x2=WIDTH - MARGIN y1=y y2=y/>
            <text x=self.left - 6.0 y=y + 4.0 text-anchor="end">{figure}</text>
        }
    }

    /// Words under the axis: `start`, `middle` or `end` at a share of the width.
    pub(super) fn foot(self, share: f64, anchor: &'static str, words: String) -> impl IntoView {
        view! { <text x=self.x(share) y=self.height - 4.0 text-anchor=anchor>{words}</text> }
    }

    /// The chart with all that was drawn.
    pub(super) fn view(self, id: &'static str, label: String, drawn: impl IntoView) -> impl IntoView {
        let id = (!id.is_empty()).then_some(id);
        let size = format!("0 0 {WIDTH} {}", self.height);
        view! { <svg class="chart" id=id viewBox=size role="img" aria-label=label>{drawn}</svg> }
    }
}
