package import WSJSON

/// Why a spec file cannot be carried out, in one line that names the place, the culprit and how to correct it.
package struct SpecError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and how to correct it.
    package var problem: String
    /// Where; nil for the file as a whole.
    package var place: TextPlace?

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - problem: What is wrong and how to correct it.
    ///   - place: Where; nil for the file as a whole.
    package init(_ problem: String, at place: TextPlace? = nil) {
        self.problem = problem
        self.place = place
    }

    /// Creates an error about a file that is no JSON.
    init(_ error: JSONError) {
        self.init(error.problem, at: error.place)
    }

    /// The place and the problem.
    package var description: String { place.map { "\($0): \(problem)" } ?? problem }
}
