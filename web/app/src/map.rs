//! The map, bound to `map.mjs`: the only externs of the page.

use js_sys::ArrayBuffer;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use breiband_wire::{LayerId, UNFUNDED};

use crate::bridge::Attachment;

#[wasm_bindgen(raw_module = "./map.mjs")]
extern "C" {
    #[wasm_bindgen(catch, js_name = create)]
    fn js_create(
        container: &HtmlElement,
        on_pick: &Closure<dyn FnMut(String, f64)>,
        on_basemap_error: &Closure<dyn FnMut()>,
        on_draw: &Closure<dyn FnMut(String, f64, f64, f64, f64)>,
        on_tool: &Closure<dyn FnMut(Vec<f64>)>,
    ) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = setLook)]
    fn js_set_look(colour: &str, years: &[u16], year: u16, unfunded: u16);
    #[wasm_bindgen(js_name = setTool)]
    fn js_set_tool(name: &str);
    #[wasm_bindgen(js_name = setDrawing)]
    fn js_set_drawing(active: bool, bytes: Option<&ArrayBuffer>);
    #[wasm_bindgen(js_name = fly)]
    fn js_fly(lon: f64, lat: f64);
    #[wasm_bindgen(js_name = setLayer)]
    fn js_set_layer(name: &str, bytes: &ArrayBuffer);
    #[wasm_bindgen(js_name = clearLayer)]
    fn js_clear_layer(name: &str);
    #[wasm_bindgen(js_name = setVisible)]
    fn js_set_visible(name: &str, visible: bool);
    #[wasm_bindgen(js_name = fit)]
    fn js_fit(west: f64, south: f64, east: f64, north: f64);
    #[wasm_bindgen(js_name = showWhole)]
    fn js_show_whole();
    #[wasm_bindgen(js_name = setWords)]
    fn js_set_words(zoom_in: &str, zoom_out: &str, region: &str, canvas: &str);
    #[wasm_bindgen(js_name = restyle)]
    fn js_restyle(basemap: &str);
    #[wasm_bindgen(js_name = unpick)]
    fn js_unpick();
    #[wasm_bindgen(js_name = print)]
    fn js_print(then: &JsValue);
}

thread_local! {
    static MADE: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// What the pointer did while a route or an area is drawn.
#[derive(Debug, Clone)]
pub(crate) struct Stroke {
    /// `add`, `hover`, `leave`, `move`, `drop`, `insert`, `remove` or `finish`.
    pub(crate) kind: String,
    /// Where, degrees.
    pub(crate) place: [f64; 2],
    /// Which waypoint.
    pub(crate) at: Option<u32>,
    /// How far a road may be to be meant, metres.
    pub(crate) reach_m: f64,
}

/// Shows the route or area being drawn, or ends drawing.
pub(crate) fn set_drawing(active: bool, content: Option<&Attachment>) {
    if MADE.get() {
        js_set_drawing(active, content.map(|content| &content.0));
    }
}

/// Colours premises by what is named, and shows what is there at the end of a year: of the whole plan, where there is none.
pub(crate) fn set_look(colour: &str, years: &[u16], year: Option<u16>) {
    if MADE.get() {
        js_set_look(colour, years, year.unwrap_or(UNFUNDED), UNFUNDED);
    }
}

/// What the next touch is for: `lasso`, `place`, or empty for looking.
pub(crate) fn set_tool(name: &str) {
    if MADE.get() {
        js_set_tool(name);
    }
}

/// Moves to a place, degrees, and marks it.
pub(crate) fn fly(place: [f64; 2]) {
    if MADE.get() {
        js_fly(place[0], place[1]);
    }
}

/// Makes the map in `container`; says whether the browser can draw one (it needs WebGL).
pub(crate) fn create(
    container: &HtmlElement,
    on_pick: impl Fn(Option<(LayerId, u32)>) + 'static,
    on_basemap_error: impl Fn() + 'static,
    on_draw: impl Fn(Stroke) + 'static,
    on_tool: impl Fn(Vec<[f64; 2]>) + 'static,
) -> bool {
    let tool = Closure::<dyn FnMut(Vec<f64>)>::new(move |flat: Vec<f64>| {
        on_tool(flat.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect());
    });
    let draw = Closure::<dyn FnMut(String, f64, f64, f64, f64)>::new(
        move |kind: String, lon: f64, lat: f64, at: f64, reach_m: f64| {
            on_draw(Stroke { kind, place: [lon, lat], at: (at >= 0.0).then_some(at as u32), reach_m });
        },
    );
    let pick = Closure::<dyn FnMut(String, f64)>::new(move |name: String, id: f64| {
        on_pick(LayerId::from_name(&name).map(|layer| (layer, id as u32)));
    });
    let basemap = Closure::<dyn FnMut()>::new(on_basemap_error);
    let made = js_create(container, &pick, &basemap, &draw, &tool).is_ok();
    tool.forget();
    draw.forget();
    pick.forget();
    basemap.forget();
    MADE.set(made);
    made
}

/// Draws a layer anew, or empties it.
pub(crate) fn set_layer(layer: LayerId, content: Option<&Attachment>) {
    if MADE.get() {
        match content {
            Some(Attachment(buffer)) => js_set_layer(layer.name(), buffer),
            None => js_clear_layer(layer.name()),
        }
    }
}

/// Prints the page once the map is drawn for paper; `then` hears that it is over.
pub(crate) fn print(then: impl FnOnce() + 'static) {
    js_print(&Closure::once_into_js(then));
}

/// Shows or hides a layer.
pub(crate) fn set_visible(layer: LayerId, visible: bool) {
    if MADE.get() {
        js_set_visible(layer.name(), visible);
    }
}

/// Shows a box: west, south, east, north in 1e-7 degrees.
pub(crate) fn fit(bounds: [i32; 4]) {
    if MADE.get() {
        let [west, south, east, north] = bounds.map(|e7| f64::from(e7) / 1e7);
        js_fit(west, south, east, north);
    }
}

/// Shows the whole region again.
pub(crate) fn show_whole() {
    if MADE.get() {
        js_show_whole();
    }
}

/// Names what can be pressed on the map: zooming in and out, showing the whole region, and the map itself.
pub(crate) fn set_words([zoom_in, zoom_out, region, canvas]: [String; 4]) {
    if MADE.get() {
        js_set_words(&zoom_in, &zoom_out, &region, &canvas);
    }
}

/// Takes the theme's colours anew; `basemap` is a tile address, or empty for none.
pub(crate) fn restyle(basemap: &str) {
    if MADE.get() {
        js_restyle(basemap);
    }
}

/// Takes the mark off the picked feature.
pub(crate) fn unpick() {
    if MADE.get() {
        js_unpick();
    }
}
