/// A publicly reported defect of an implementation that a scenario detects.
///
/// The report may help whoever fails the scenario, because it often shows how the defect was corrected.
package struct KnownDefect: Sendable, Hashable, Codable {
    /// The name of the implementation.
    package var project: String
    /// The place of the report: `owner/repository#number`, `owner/repository@commit`, or the id of an advisory.
    package var reference: String
    /// The ids of the requirements that the defect violates.
    ///
    /// It is empty until the catalogue fills it in.
    package var about: [String]
    /// What the implementation did; empty if any reason fits, or until the catalogue fills it in.
    package var reasons: [ReasonKey] = []

    /// Creates a defect; if `about` is empty, the catalogue fills in what the scenario detects.
    package init(_ project: String, _ reference: String, about: [String] = []) {
        self.project = project
        self.reference = reference
        self.about = about
    }

    /// Whether a finding with this requirement shows the same defect, and not another one with the same stimulus.
    package func isAbout(_ requirement: String) -> Bool { about.contains(requirement) }

    /// The defect in words, such as `Bun, oven-sh/bun#35298`.
    package var text: String { "\(project), \(reference)" }
}
