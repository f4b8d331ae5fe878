//! Compiles the Tauri configuration and the capabilities into the app.

fn main() {
    // the package stands at the root, so the folder that Tauri would look in by itself is not there
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes =
        tauri_build::Attributes::new().capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(error) = tauri_build::try_build(attributes) {
        // stderr and a bad exit is what Cargo shows for a failed build script
        eprintln!("{error:#}");
        std::process::exit(1);
    }
}
