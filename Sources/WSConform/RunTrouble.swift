/// Why a run cannot do its work though it was asked for rightly, in one line that names the culprit and the mend.
package struct RunTrouble: Error, CustomStringConvertible {
    /// The line.
    package var description: String

    /// Says why.
    package init(_ description: String) {
        self.description = description
    }
}
