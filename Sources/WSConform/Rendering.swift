package import WSRender
package import WSReport
import WSRunFolder

/// Writes reports in other forms than JSON.
package struct Rendering: Sendable {
    /// The chosen renderers.
    package let formats: [any (Renderer & Sendable).Type]

    /// Chooses renderers.
    package init(_ formats: [any (Renderer & Sendable).Type] = []) {
        self.formats = formats
    }

    /// Renders reports and writes the files; each is written beside its place and renamed.
    ///
    /// Nothing is written unless every form can be rendered.
    ///
    /// - Parameters:
    ///   - reports: The reports of one or more peers.
    ///   - folder: The folder for the files, which is created.
    /// - Throws: ``RenderError`` or ``FileError``.
    package func write(_ reports: [Report], to folder: String) throws {
        var files: [RenderedFile] = []
        for format in formats { files += try format.render(reports) }
        guard !files.isEmpty else { return }
        try FileSystem.createFolder(folder)
        for file in files { try FileSystem.replace(FileSystem.join(folder, file.path), with: file.octets) }
    }
}
