/// Why a valid run cannot be performed, in one line that names the culprit and how to correct it.
package struct RunTrouble: Error, CustomStringConvertible {
    /// The line.
    package var description: String

    /// Creates an error.
    package init(_ description: String) {
        self.description = description
    }
}
