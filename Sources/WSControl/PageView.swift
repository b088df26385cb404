/// What a page asks for of a client's results so far.
package enum PageView: Sendable, Hashable, CaseIterable {
    /// The causes of findings, to be shown.
    case causes
    /// The report as JSON, to be saved.
    case report
    /// The report as one page that needs nothing else, to be saved and published.
    case publication
}

/// A document that is made of a client's results so far.
package struct PageDocument: Sendable, Hashable {
    /// The media type.
    package var contentType: String
    /// The name under which it is saved, of letters, digits, `-`, `_` and `.`; nil if it is only shown.
    package var fileName: String?
    /// The content.
    package var octets: [UInt8]

    /// Creates a document.
    package init(contentType: String, fileName: String? = nil, octets: [UInt8]) {
        self.contentType = contentType
        self.fileName = fileName
        self.octets = octets
    }
}

/// The causes of findings among a client's results so far, as JSON for the page.
package struct CausesText: Sendable, Hashable, Encodable {
    /// The number of cases that have been judged.
    package var judged: Int
    /// Whether the client has tried all cases.
    package var isOver: Bool
    /// The causes, the most important first.
    package var causes: [Cause]
    /// How many further causes only the report has.
    package var others: Int
    /// The command that runs a case again; the id of the case belongs between its two parts.
    package var again: [String]
    /// The cases of which all cases together make something else than their own results say, by id.
    package var revised: [String: Revision]

    /// What a report says of a case.
    package struct Revision: Sendable, Hashable, Encodable {
        /// The verdict.
        package var verdict: String
        /// One sentence that tells a maintainer what to mend.
        package var reason: String

        /// Creates a revision.
        package init(verdict: String, reason: String) {
            self.verdict = verdict
            self.reason = reason
        }
    }

    /// A cause as the page shows it.
    package struct Cause: Sendable, Hashable, Encodable {
        /// The name, such as `RFC6455-5.1-03/went-on-after-violation`; empty for cases that could not be judged.
        package var name: String
        /// The gravity.
        package var verdict: String
        /// What it means for others; nil if that is not known.
        package var impact: String?
        /// One sentence that tells a maintainer what to mend.
        package var reason: String
        /// The extent in words, such as `14 cases`.
        package var extent: String
        /// The requirement's place and keyword, such as `RFC 6455 §5.5.1 MUST`.
        package var citation: String
        /// The requirement in one sentence.
        package var sentence: String
        /// Why the requirement matters; empty if that is not known.
        package var why: String
        /// What to do about it; nil if that is not known.
        package var mend: String?
        /// Whether it was found in passing, so that it decides no case.
        package var isPassive: Bool
        /// Whether a baseline expects it.
        package var isExpected: Bool
        /// The ids of the cases that show it.
        package var cases: [String]
        /// The case that shows it best.
        package var example: String
        /// Public reports of the same defect elsewhere.
        package var known: [String]

        /// Creates a cause.
        package init(
            name: String,
            verdict: String,
            impact: String?,
            reason: String,
            extent: String,
            citation: String,
            sentence: String,
            why: String,
            mend: String?,
            isPassive: Bool,
            isExpected: Bool,
            cases: [String],
            example: String,
            known: [String]
        ) {
            self.name = name
            self.verdict = verdict
            self.impact = impact
            self.reason = reason
            self.extent = extent
            self.citation = citation
            self.sentence = sentence
            self.why = why
            self.mend = mend
            self.isPassive = isPassive
            self.isExpected = isExpected
            self.cases = cases
            self.example = example
            self.known = known
        }
    }

    /// Creates a description of the causes.
    package init(
        judged: Int,
        isOver: Bool,
        causes: [Cause],
        others: Int,
        again: [String],
        revised: [String: Revision] = [:]
    ) {
        self.judged = judged
        self.isOver = isOver
        self.causes = causes
        self.others = others
        self.again = again
        self.revised = revised
    }

    /// The document for the page.
    package var document: PageDocument {
        PageDocument(contentType: "application/json", octets: ControlJSON.text(self))
    }
}
