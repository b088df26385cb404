import SwiftOperators
import SwiftParser
import SwiftSyntax

/// A source file in which each mutation point asks which mutant is on.
///
/// Line numbers are those of the original.
public struct MutatedSource: Sendable {
    /// The mutated text.
    public let text: String
    /// The mutants in it; their numbers follow each other from `firstNumber` on.
    public let mutants: [Mutant]
    /// The number of the first mutant.
    public let firstNumber: Int

    /// Mutates a source.
    ///
    /// - Parameters:
    ///   - source: The original.
    ///   - path: Where it is, from the checkout on.
    ///   - firstNumber: The number of its first mutant.
    ///   - isLeftOut: Whether the point that begins at this line is left out, with its number within the line.
    public init(_ source: String, path: String, firstNumber: Int, isLeftOut: (Int) -> Bool = { _ in false }) {
        let folded = OperatorTable.standardOperators.foldAll(Parser.parse(source: source)) { _ in }
        let tree = folded.as(SourceFileSyntax.self) ?? Parser.parse(source: source)
        let finder = PointFinder(tree, path: path)
        finder.walk(tree)

        var edits: [Edit] = []
        var mutants: [Mutant] = []
        for point in finder.points where !isLeftOut(point.line) {
            let number = firstNumber + mutants.count
            for change in point.changes {
                mutants.append(
                    Mutant(
                        path: path,
                        line: point.line,
                        declaration: point.declaration,
                        kind: change.kind,
                        change: change.text
                    )
                )
            }
            edits += point.edits.map { edit in
                var edit = edit
                edit.text = edit.text.replacing("#", with: "\(number)", maxReplacements: 1)
                return edit
            }
        }
        self.mutants = mutants
        self.firstNumber = firstNumber
        text = mutants.isEmpty ? source : Self.apply(edits, to: source)
    }

    private static func apply(_ edits: [Edit], to source: String) -> String {
        let octets = Array(source.utf8)
        var result = Array("public import MutationSwitch; ".utf8)
        var copied = 0
        // What encloses others was found first, so of several beginnings at one place the first is the outermost one,
        // and of several endings the last.
        let ordered = edits.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            if one.offset != other.offset { return one.offset < other.offset }
            if one.place != other.place { return one.place < other.place }
            return one.place == .ending ? left.offset > right.offset : left.offset < right.offset
        }
        for (_, edit) in ordered {
            result += octets[copied..<edit.offset]
            result += edit.text.utf8
            copied = edit.offset + edit.removed
        }
        result += octets[copied...]
        return String(decoding: result, as: UTF8.self)
    }
}

/// Text that is put in, or takes the place of an operator.
struct Edit {
    /// The order of what is put in at one place.
    enum Place: Int, Comparable {
        case ending, beginning, replacement

        static func < (left: Place, right: Place) -> Bool { left.rawValue < right.rawValue }
    }

    var offset: Int
    var place: Place
    /// How many octets of the source it replaces.
    var removed = 0
    /// The text; the first `#` stands for the number of the mutant.
    var text: String
}

/// A place with one or more mutants.
struct Point {
    var line: Int
    var declaration: String
    var changes: [(kind: Mutant.Kind, text: String)]
    var edits: [Edit]
}
