import CWSBuild
import WSCatalogue
package import WSReport

/// The name and version of the tool, for reports and handshakes.
package enum ToolIdentity {
    /// The version; `.github/packaging/version` reads it from this line.
    package static let version = "0.2.0"

    /// The tool as reports name it.
    package static let inReports: Report.Tool = {
        let commit = unsafe String(cString: cwsbuild_commit())
        return Report.Tool(version: version, catalogue: Catalogue.digest, commit: commit.isEmpty ? nil : commit)
    }()
}
