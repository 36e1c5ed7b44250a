//! `breiband serve`: the page and a plan's files, to this machine alone.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};

use crate::arguments::Serve;
use crate::failure::Failure;
use crate::inputs::holds_plan;
use crate::text;

/// What is served.
struct Site {
    app: Option<PathBuf>,
    plan: Option<PathBuf>,
    policy: String,
}

/// Why there is no map, and what to do.
const NOT_BUILT: &str = "the page with the map is not built: run `cargo xtask build-web` in Breiband's own folder and start there, \
                         or say with --app where the page lies";

pub(crate) fn run(arguments: &Serve) -> Result<(), Failure> {
    let canonical = |path: &Path| path.canonicalize().map_err(|e| Failure::file(path, &e));
    let plan = arguments.directory.as_deref().map(canonical).transpose()?;
    plan.as_deref().map_or(Ok(()), holds_plan)?;
    let app = match &arguments.app {
        Some(path) if !path.join("index.html").is_file() => {
            return Err(Failure::usage(format!(
                "{} holds no page: there is no index.html in it; `cargo xtask build-web` builds one into web/dist",
                path.display()
            )));
        }
        Some(path) => Some(canonical(path)?),
        None => built_page(),
    };
    match (&app, &plan) {
        (None, None) => return Err(Failure::usage(format!("{NOT_BUILT}, or name a plan's directory"))),
        (None, Some(_)) => {
            text::say(format_args!("breiband: {NOT_BUILT}; until then only the plan's summary is shown"))
        }
        _ => {}
    }
    let site = Arc::new(Site { app, plan, policy: policy(&arguments.allow_basemap)? });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|e| Failure::usage(format!("no server could be started: {e}")))?;
    runtime.block_on(serve(site, arguments.port, arguments.open))
}

async fn serve(site: Arc<Site>, port: u16, open: bool) -> Result<(), Failure> {
    let taken =
        |e| Failure::usage(format!("port {port} cannot be used ({e}): choose another with --port, or --port 0"));
    let listener = tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    // Without the page there is the plan's own.
    let query = match (&site.app, &site.plan) {
        (Some(_), Some(_)) => "?plan",
        (None, Some(_)) => "plan/summary.html",
        (_, None) => "",
    };
    text::print(&format!("http://{address}/{query}\nCtrl-C ends it.\n"))?;
    if open {
        let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
        if std::process::Command::new(opener).arg(format!("http://{address}/{query}")).spawn().is_err() {
            text::say(format_args!("breiband: {opener} is not there: open the address yourself"));
        }
    }
    let router = Router::new().fallback(answer).with_state(site);
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(stop)
        .await
        .map_err(|e| Failure::usage(format!("the server stopped: {e}")))
}

/// `web/dist` under the current directory, or what is installed beside the program.
fn built_page() -> Option<PathBuf> {
    let installed = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("../share/breiband/web")));
    let places = [Some(PathBuf::from("web/dist")), installed];
    places.into_iter().flatten().find(|p| p.join("index.html").is_file()).and_then(|p| p.canonicalize().ok())
}

/// The Content-Security-Policy: nothing from anywhere else, but for the basemaps the user allowed.
fn policy(basemaps: &[String]) -> Result<String, Failure> {
    let mut origins = String::new();
    for origin in basemaps {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://127.0.0.1"));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:*".contains(c);
        if !host.is_some_and(|h| h.chars().all(plain)) {
            return Err(Failure::usage(format!("{origin}: an origin is https:// and a host, with no path")));
        }
        origins.push(' ');
        origins.push_str(origin);
    }
    Ok(format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' blob:{origins}; \
         style-src 'self'; img-src 'self' data: blob:{origins}; font-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ))
}

/// The policy of a plan's files: the report is one file with its style in it, and runs nothing.
const REPORT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                             frame-ancestors 'none'";

fn policy_for<'s>(site: &'s Site, path: &Path) -> &'s str {
    if site.plan.as_ref().is_some_and(|plan| path.starts_with(plan)) { REPORT_POLICY } else { &site.policy }
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response<Body> {
    let refuse = |status: StatusCode| {
        respond(&site.policy, status, "text/plain; charset=utf-8", status.to_string().into_bytes())
    };
    if !is_loopback(request.headers()) {
        return refuse(StatusCode::FORBIDDEN);
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return refuse(StatusCode::METHOD_NOT_ALLOWED);
    }
    let found = locate(&site, request.uri().path());
    let Some(path) = found else { return refuse(StatusCode::NOT_FOUND) };
    let policy = policy_for(&site, &path);
    match tokio::task::spawn_blocking(move || std::fs::read(&path).map(|bytes| (media_type(&path), bytes))).await {
        Ok(Ok((kind, bytes))) => respond(policy, StatusCode::OK, kind, bytes),
        _ => refuse(StatusCode::NOT_FOUND),
    }
}

fn respond(policy: &str, status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let builder = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_SECURITY_POLICY, policy)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::CACHE_CONTROL, "no-cache");
    builder.body(Body::from(bytes)).unwrap_or_default()
}

/// Whether the browser asked for this machine by a loopback name: another name that leads here is somebody's trick.
fn is_loopback(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|h| h.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].contains(&name)
}

/// The file behind a path: `/plan/…` in the plan's directory, all else in the page's. Links that lead out are not followed.
fn locate(site: &Site, path: &str) -> Option<PathBuf> {
    let (root, rest) = match (path.strip_prefix("/plan/"), &site.plan) {
        (Some(rest), Some(plan)) => (plan, rest),
        _ => match (&site.app, &site.plan) {
            (Some(app), _) => (app, path.trim_start_matches('/')),
            (None, Some(plan)) => (plan, if path == "/" { "summary.html" } else { path.trim_start_matches('/') }),
            (None, None) => return None,
        },
    };
    let relative = Path::new(if rest.is_empty() { "index.html" } else { rest });
    if !relative.components().all(|c| matches!(c, Component::Normal(_))) {
        return None;
    }
    let found = root.join(relative).canonicalize().ok()?;
    (found.starts_with(root) && found.is_file()).then_some(found)
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "geojson" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "csv" | "toml" | "txt" => "text/plain; charset=utf-8",
        "gpkg" => "application/geopackage+sqlite3",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_answered() {
        let ask = |host: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().expect("a header"));
            is_loopback(&headers)
        };
        assert!(ask("127.0.0.1:8080") && ask("localhost") && ask("[::1]:80"));
        assert!(!ask("evil.example") && !ask("127.0.0.1.evil.example:80") && !ask("localhost:80x"));
        assert!(!is_loopback(&HeaderMap::new()));
    }

    #[test]
    fn a_plan_s_files_may_have_styles_and_nothing_else() {
        let site =
            Site { app: Some("/app".into()), plan: Some("/plan".into()), policy: policy(&[]).expect("a policy") };
        assert!(policy_for(&site, Path::new("/app/index.html")).contains("style-src 'self';"));
        let report = policy_for(&site, Path::new("/plan/summary.html"));
        assert!(report.contains("style-src 'unsafe-inline'") && !report.contains("script-src"));
    }

    #[test]
    fn basemap_origins_are_checked() {
        assert!(policy(&["https://tiles.example.org".into()]).is_ok_and(|p| p.contains("https://tiles.example.org")));
        assert!(policy(&["https://a.org; script-src *".into()]).is_err());
        assert!(policy(&["http://a.org".into()]).is_err());
    }
}
