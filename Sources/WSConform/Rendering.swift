import WSLimits
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

    /// Removes what an earlier run wrote in the forms that are not chosen, because it tells of another report.
    ///
    /// Only a file is removed whose name and beginning are ours. One that cannot be removed stays.
    ///
    /// - Parameter folder: The folder of the report.
    func removeOthers(in folder: String) {
        for format in Renderers.all where !formats.contains(where: { $0.name == format.name }) {
            guard let beginning = try? FileSystem.beginning(of: format.file.name, in: folder, count: Self.markLength),
                format.file.isOwn(beginning)
            else { continue }
            var names = [format.file.name]
            if format.name == AutobahnRenderer.name {
                let index = "index.json"
                let octets = try? FileSystem.read(index, in: folder, limit: Limits.reportFile)
                names += [index] + AutobahnRenderer.caseFiles(in: octets ?? [])
            }
            for name in names { try? FileSystem.remove(FileSystem.join(folder, name)) }
        }
    }

    /// The number of octets in which the mark of a file stands; its head and the peer's name come before.
    private static let markLength = 8_192
}
