/// What keeps a round from being played, as a sentence that says what to do.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
