import SwiftSyntax

/// Finds the mutation points of a file.
///
/// Left out is what no test can or should see: preconditions, attributes, patterns, raw values, the text of messages,
/// the capacity that is reserved, and tables with more than 16 literals.
final class PointFinder: SyntaxVisitor {
    private(set) var points: [Point] = []
    private let converter: SourceLocationConverter
    private var declarations: [String] = []
    /// Expressions whose own mutant would be the same as one of what encloses them.
    var covered: Set<SyntaxIdentifier> = []
    /// Variables without a first value, to which each path has to assign one.
    private(set) var unassigned: Set<String> = []

    init(_ tree: SourceFileSyntax, path: String) {
        converter = SourceLocationConverter(fileName: path, tree: tree)
        super.init(viewMode: .sourceAccurate)
    }

    // MARK: Points

    /// Adds a point whose text is put around a node.
    func surround(
        _ node: some SyntaxProtocol,
        _ prefix: String,
        _ suffix: String,
        _ changes: [(kind: Mutant.Kind, text: String)]
    ) {
        add(
            node,
            changes,
            [
                Edit(offset: start(of: node), place: .beginning, text: prefix),
                Edit(offset: end(of: node), place: .ending, text: suffix),
            ]
        )
    }

    /// Adds a point at which a condition becomes true, or false, whatever it says.
    func decide(_ condition: ExprSyntax, true always: String, false never: String) {
        covered.insert(condition.withoutParentheses.id)
        surround(condition, "Mutants.constant(", ", #)", [(.condition, always), (.condition, never)])
    }

    /// Adds a point for an infix operator that becomes a call.
    func call(
        _ function: String,
        for node: InfixOperatorExprSyntax,
        suffix: String = "",
        _ changes: [(kind: Mutant.Kind, text: String)]
    ) {
        add(
            node,
            changes,
            [
                Edit(offset: start(of: node), place: .beginning, text: "Mutants.\(function)("),
                Edit(
                    offset: start(of: node.operator),
                    place: .replacement,
                    removed: end(of: node.operator) - start(of: node.operator),
                    text: ","
                ),
                Edit(offset: end(of: node), place: .ending, text: ", #\(suffix))"),
            ]
        )
    }

    func add(_ node: some SyntaxProtocol, _ changes: [(kind: Mutant.Kind, text: String)], _ edits: [Edit]) {
        points.append(
            Point(
                line: converter.location(for: node.positionAfterSkippingLeadingTrivia).line,
                declaration: declarations.joined(separator: "."),
                changes: changes,
                edits: edits
            )
        )
    }

    func start(of node: some SyntaxProtocol) -> Int { node.positionAfterSkippingLeadingTrivia.utf8Offset }

    func end(of node: some SyntaxProtocol) -> Int { node.endPositionBeforeTrailingTrivia.utf8Offset }

    /// The source of a node in one line.
    func text(_ node: some SyntaxProtocol) -> String {
        let words = node.trimmedDescription.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 100 ? words.prefix(60) + " … " + words.suffix(30) : words
    }

    // MARK: Declarations

    private func enter(_ name: String) -> SyntaxVisitorContinueKind {
        declarations.append(name)
        return .visitChildren
    }

    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { enter(node.name.text) }
    override func visitPost(_ node: StructDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { enter(node.name.text) }
    override func visitPost(_ node: ClassDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { enter(node.name.text) }
    override func visitPost(_ node: EnumDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: ExtensionDeclSyntax) -> SyntaxVisitorContinueKind {
        enter(node.extendedType.trimmedDescription)
    }
    override func visitPost(_ node: ExtensionDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { enter(node.name.text) }
    override func visitPost(_ node: FunctionDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: InitializerDeclSyntax) -> SyntaxVisitorContinueKind { enter("init") }
    override func visitPost(_ node: InitializerDeclSyntax) { declarations.removeLast() }
    override func visit(_ node: SubscriptDeclSyntax) -> SyntaxVisitorContinueKind { enter("subscript") }
    override func visitPost(_ node: SubscriptDeclSyntax) { declarations.removeLast() }

    override func visit(_ node: PatternBindingSyntax) -> SyntaxVisitorContinueKind {
        if let name = node.declared {
            declarations.append(name)
        } else if node.initializer == nil {
            unassigned.formUnion(node.names)
        }
        return .visitChildren
    }

    override func visitPost(_ node: PatternBindingSyntax) {
        if node.declared != nil { declarations.removeLast() }
    }

    // MARK: What is left out

    override func visit(_ node: AttributeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: EnumCaseDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: StringLiteralExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: RegexLiteralExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: TypeAnnotationSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: GenericArgumentClauseSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ReturnClauseSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: GenericWhereClauseSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: IfConfigDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: ExpressionPatternSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: TypeExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: InlineArrayTypeSyntax) -> SyntaxVisitorContinueKind { .skipChildren }

    override func visit(_ node: ArrayExprSyntax) -> SyntaxVisitorContinueKind {
        node.elements.count > 16 ? .skipChildren : .visitChildren
    }

    // MARK: Expressions

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        if node.isOfNoEffect { return .skipChildren }
        let called = node.calledExpression.trimmedDescription
        if ["min", "max"].contains(called), node.arguments.count == 2, node.arguments.allSatisfy({ $0.label == nil }) {
            add(
                node,
                [(.bound, "\(called) for \(called == "min" ? "max" : "min") in \(text(node))")],
                [
                    Edit(
                        offset: start(of: node.calledExpression),
                        place: .replacement,
                        removed: called.utf8.count,
                        text: called == "min" ? "Mutants.least" : "Mutants.most"
                    ),
                    Edit(offset: end(of: node.arguments), place: .ending, text: ", #"),
                ]
            )
        }
        return .visitChildren
    }

    override func visit(_ node: IntegerLiteralExprSyntax) -> SyntaxVisitorContinueKind {
        guard !covered.contains(node.id) else { return .skipChildren }
        let context = node.parent.flatMap { $0.is(PrefixOperatorExprSyntax.self) ? $0.parent : $0 }
        let change = "\(node.literal.text) + 1 in \(text(context?.shortContext ?? Syntax(node)))"
        surround(node, "Mutants.number(", ", #)", [(.number, change)])
        return .skipChildren
    }

    override func visit(_ node: InfixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        mutate(node)
        return .visitChildren
    }

    override func visit(_ node: PrefixOperatorExprSyntax) -> SyntaxVisitorContinueKind {
        if node.operator.text == "!", !covered.contains(node.id) {
            surround(node, "Mutants.turned(", ", #)", [(.comparison, "\(text(node.expression)) for \(text(node))")])
        }
        return .visitChildren
    }

    override func visit(_ node: TernaryExprSyntax) -> SyntaxVisitorContinueKind {
        let context = text(node)
        decide(node.condition, true: "always the first of \(context)", false: "always the second of \(context)")
        return .visitChildren
    }

    // MARK: Statements

    override func visit(_ node: ConditionElementListSyntax) -> SyntaxVisitorContinueKind {
        mutate(node)
        return .visitChildren
    }

    override func visit(_ node: WhereClauseSyntax) -> SyntaxVisitorContinueKind {
        decide(node.condition, true: "always: \(text(node))", false: "never: \(text(node))")
        return .visitChildren
    }

    override func visit(_ node: RepeatStmtSyntax) -> SyntaxVisitorContinueKind {
        covered.insert(node.condition.withoutParentheses.id)
        surround(node.condition, "Mutants.never(", ", #)", [(.condition, "never again: while \(text(node.condition))")])
        return .visitChildren
    }

    override func visit(_ node: SwitchExprSyntax) -> SyntaxVisitorContinueKind {
        mutate(node)
        return .visitChildren
    }

    override func visit(_ node: CodeBlockItemSyntax) -> SyntaxVisitorContinueKind {
        if case .expr(let expression) = node.item, node.isValue {
            mutate(result: expression)
        } else {
            mutate(statement: node)
        }
        return .visitChildren
    }

    override func visit(_ node: ReturnStmtSyntax) -> SyntaxVisitorContinueKind {
        if let expression = node.expression { mutate(result: expression) }
        return .visitChildren
    }
}
