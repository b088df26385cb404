/// A defect of some implementation that was reported in public, and that a scenario shows.
///
/// Who fails the scenario may read there what became of others, and how they mended it.
package struct KnownDefect: Sendable, Hashable, Codable {
    /// The implementation, as its users call it.
    package var project: String
    /// Where it was reported: `owner/repository#number`, `owner/repository@commit`, or the id of an advisory.
    package var reference: String

    /// Names a defect.
    package init(_ project: String, _ reference: String) {
        self.project = project
        self.reference = reference
    }

    /// `Bun, oven-sh/bun#35298`.
    package var text: String { "\(project), \(reference)" }
}
