/// Why a text is no JSON, or not the JSON that is wanted, in one line that names the place and how to correct it.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and how to correct it.
    package var problem: String
    /// Where.
    package var place: TextPlace

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - problem: What is wrong and how to correct it.
    ///   - place: Where.
    package init(_ problem: String, at place: TextPlace) {
        self.problem = problem
        self.place = place
    }

    /// The place and the problem.
    package var description: String { "\(place): \(problem)" }
}
