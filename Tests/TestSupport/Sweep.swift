package import Testing

/// Checks each of many values within one test.
///
/// Arguments of a test do the same, but each of them is a test case of its own: thousands of them fill the log, and
/// as all start at once, whatever awaits something stands behind every one of them in the queue for a thread.
package enum Sweep {
    /// Checks each value in turn; whatever fails meanwhile says with which value it did.
    ///
    /// - Parameters:
    ///   - values: what is checked; where there is none, the test fails.
    ///   - location: the call, for errors that a check throws.
    ///   - check: expects what holds for one value; an error that it throws fails the test and ends this value alone.
    package static func each<Values: Sequence>(
        of values: Values,
        at location: SourceLocation = #_sourceLocation,
        _ check: @escaping @Sendable (Values.Element) async throws -> Void
    ) async where Values.Element: Sendable {
        var isEmpty = true
        for value in values {
            isEmpty = false
            await commented("with \(String(describingForTest: value))", at: location) { try await check(value) }
            // Whatever else waits for a thread goes first.
            await Task.yield()
        }
        if isEmpty { Issue.record("there is nothing to check", sourceLocation: location) }
    }

    /// Checks each pair of two values in turn; whatever fails meanwhile says with which pair it did.
    ///
    /// - Parameters:
    ///   - first: one half of the pairs.
    ///   - second: the other half.
    ///   - location: the call, for errors that a check throws.
    ///   - check: expects what holds for one pair; an error that it throws fails the test and ends this pair alone.
    package static func each<First: Sequence, Second: Sequence>(
        of first: First,
        and second: Second,
        at location: SourceLocation = #_sourceLocation,
        _ check: @escaping @Sendable (First.Element, Second.Element) async throws -> Void
    ) async where First.Element: Sendable, Second.Element: Sendable {
        let pairs = first.flatMap { one in second.map { Pair(first: one, second: $0) } }
        await each(of: pairs, at: location) { try await check($0.first, $0.second) }
    }

    private struct Pair<First: Sendable, Second: Sendable>: Sendable, CustomTestStringConvertible {
        let first: First
        let second: Second

        var testDescription: String { "\(String(describingForTest: first)), \(String(describingForTest: second))" }
    }

    /// Does something, and adds a comment to each issue that it records.
    private static func commented(
        _ comment: Comment,
        at location: SourceLocation,
        _ body: @escaping @Sendable () async throws -> Void
    ) async {
        do {
            guard let test = Test.current else { return try await body() }
            let naming = IssueHandlingTrait.compactMapIssues { issue in
                var issue = issue
                issue.comments.append(comment)
                return issue
            }
            try await naming.provideScope(for: test, testCase: Test.Case.current, performing: body)
        } catch is ExpectationFailedError {
            // The expectation has said so itself.
        } catch {
            Issue.record(error, comment, sourceLocation: location)
        }
    }
}
