/// A defect of some implementation that was reported in public, and that a scenario shows.
///
/// Who fails the scenario may read there what became of others, and how they mended it.
package struct KnownDefect: Sendable, Hashable, Codable {
    /// The implementation, as its users call it.
    package var project: String
    /// Where it was reported: `owner/repository#number`, `owner/repository@commit`, or the id of an advisory.
    package var reference: String
    /// What was reported: the ids of the requirements that were broken, of the requirement table.
    ///
    /// Empty where the scenario has not been taken from the catalogue, which fills it in.
    package var about: [String]

    /// Names a defect; where `about` is empty, the report was about what the scenario is there to fail.
    package init(_ project: String, _ reference: String, about: [String] = []) {
        self.project = project
        self.reference = reference
        self.about = about
    }

    /// Whether a finding that cites this requirement shows the same defect, and not another one with the same stimulus.
    package func isAbout(_ requirement: String) -> Bool { about.contains(requirement) }

    /// `Bun, oven-sh/bun#35298`.
    package var text: String { "\(project), \(reference)" }
}
