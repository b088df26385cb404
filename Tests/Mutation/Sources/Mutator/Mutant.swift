/// A change to one place of a source file.
public struct Mutant: Sendable, Hashable {
    /// What is changed.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A branch, loop, guard or case that is always or never taken, or one of several conditions that is left out.
        case condition = "checks switched off"
        /// `<` for `<=` and the like, the end of a range, `min` for `max`.
        case bound = "bounds moved"
        /// `>=` for `<` and the like, `!=` for `==`.
        case comparison = "comparisons turned"
        /// `||` for `&&`, or one of their sides alone.
        case logic = "&& and ||"
        /// `-` for `+`, `|` for `&`, `>>` for `<<` and the like.
        case arithmetic = "operators of integers"
        /// An integer literal that is larger by one.
        case number = "literals plus one"
        /// A constant for what is returned.
        case result = "constants returned"
        /// A call, an assignment, a `continue` or `break` that is left out.
        case statement = "statements removed"
    }

    /// Where the source is, from the checkout on.
    public var path: String
    /// The line, from 1 on.
    public var line: Int
    /// The functions, properties and types around it, outermost first, with dots between them.
    public var declaration: String
    /// What is changed.
    public var kind: Kind
    /// What stands there and what the mutant has instead, in one line.
    public var change: String

    /// A name that stays the same when lines move.
    public var name: String { "\(path) \(declaration): \(change)" }
}
