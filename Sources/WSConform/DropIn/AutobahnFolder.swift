import WSJudge
import WSRender
package import WSReport
package import WSRunFolder

/// A folder of Autobahn's reports: one index of all agents, and the files of each case.
///
/// What our own runs leave, `report.json` and the transcripts, stands below ``ownFolder``.
package struct AutobahnFolder: Sendable {
    /// The path.
    package let path: String

    /// The entry that our own runs write to.
    package static let ownFolder = "wsconform"

    /// Creates a description of a folder; nothing is created on the disk yet.
    package init(path: String) {
        self.path = path
    }

    /// The path of the page that leads to all others.
    package var indexPath: String { FileSystem.join(path, "index.html") }

    /// The folder for what a run of ours leaves.
    func runFolder(_ name: String) -> String {
        FileSystem.join(FileSystem.join(path, Self.ownFolder), name)
    }

    /// Writes the reports, each file beside its earlier one, which it replaces.
    ///
    /// Files of earlier runs whose agents or cases are not in these reports stay, as with Autobahn.
    ///
    /// - Parameters:
    ///   - reports: The reports of all agents.
    ///   - untested: The reports of agents that could not be tested; the indexes name them, without a case.
    ///   - changed: The names of the agents whose cases are written; nil for all. The index is always that of all.
    /// - Throws: `FileError` if a file cannot be written.
    package func write(
        _ reports: [Report],
        untested: [Report] = [],
        changed: Set<String>? = nil
    ) throws(FileError) {
        try FileSystem.createFolder(path)
        let all = reports.filter { !$0.cases.isEmpty } + untested
        let files = AutobahnRenderer.render(distinct: all, casesOf: changed)
        for file in files { try FileSystem.replace(FileSystem.join(path, file.path), with: file.octets) }
    }
}

extension Report {
    /// The report without cases that nobody has played; Autobahn does not list those.
    var withoutUnplayed: Report {
        var report = self
        report.cases.removeAll { $0.verdict == .inconclusive && $0.autobahn == nil && $0.transcript == nil }
        return report
    }
}
