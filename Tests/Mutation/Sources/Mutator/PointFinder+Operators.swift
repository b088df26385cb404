import SwiftSyntax

extension PointFinder {
    private static let comparisons = [
        "<": (function: "less", bound: "<=", turned: ">="),
        "<=": (function: "lessOrEqual", bound: "<", turned: ">"),
        ">": (function: "greater", bound: ">=", turned: "<="),
        ">=": (function: "greaterOrEqual", bound: ">", turned: "<"),
    ]

    private static let arithmetic = [
        "+": (function: "plus", other: "-"), "-": (function: "minus", other: "+"),
        "&+": (function: "wrappingPlus", other: "&-"), "&-": (function: "wrappingMinus", other: "&+"),
        "&": (function: "bitAnd", other: "|"), "|": (function: "bitOr", other: "&"),
        "<<": (function: "shiftLeft", other: ">>"), ">>": (function: "shiftRight", other: "<<"),
        "&<<": (function: "shiftLeft", other: "&>>"), "&>>": (function: "shiftRight", other: "&<<"),
    ]

    /// Adds what can be changed about an infix operator.
    func mutate(_ node: InfixOperatorExprSyntax) {
        guard let name = node.operator.as(BinaryOperatorExprSyntax.self)?.operator.text else { return }
        let context = text(node)
        if let comparison = Self.comparisons[name] {
            // The bound moves already.
            for side in [node.leftOperand, node.rightOperand] { covered.insert(side.withoutParentheses.id) }
            let isTurned = !covered.contains(node.id)
            var changes = [(kind: Mutant.Kind.bound, text: "\(comparison.bound) for \(name) in \(context)")]
            if isTurned { changes.append((.comparison, "\(comparison.turned) for \(name) in \(context)")) }
            call(comparison.function, for: node, suffix: ", turning: \(isTurned)", changes)
        } else if name == "==" || name == "!=" {
            guard !covered.contains(node.id) else { return }
            let other = name == "==" ? "!=" : "=="
            surround(node, "Mutants.turned(", ", #)", [(.comparison, "\(other) for \(name) in \(context)")])
        } else if name == "&&" || name == "||" {
            for side in [node.leftOperand, node.rightOperand] { covered.insert(side.withoutParentheses.id) }
            let other = name == "&&" ? "||" : "&&"
            call(
                name == "&&" ? "and" : "or",
                for: node,
                [
                    (.logic, "\(other) for \(name) in \(context)"),
                    (.logic, "only \(text(node.leftOperand)) of \(context)"),
                    (.logic, "only \(text(node.rightOperand)) of \(context)"),
                ]
            )
        } else if let operation = Self.arithmetic[name] {
            guard !node.isText else { return }
            call(operation.function, for: node, [(.arithmetic, "\(operation.other) for \(name) in \(context)")])
        } else if name == "^" {
            call("bitXor", for: node, [(.arithmetic, "only \(text(node.leftOperand)) of \(context)")])
        } else if name == "..<", !node.rightOperand.is(IntegerLiteralExprSyntax.self) {
            surround(node.rightOperand, "Mutants.number(", ", #)", [(.bound, "one more in \(context)")])
        }
    }

    // MARK: Conditions

    /// Adds conditions that are left out, and the whole list as one that is never met.
    func mutate(_ node: ConditionElementListSyntax) {
        guard let parent = node.parent else { return }
        let keyword = parent.is(GuardStmtSyntax.self) ? "guard" : parent.is(WhileStmtSyntax.self) ? "while" : "if"
        let context = "\(keyword) \(text(node))"
        // The last element takes the mutant that is never met: nothing is seen there unless the others were met.
        guard let last = node.last else { return }
        add(
            node,
            [(.condition, "never: \(context)")],
            [Edit(offset: end(of: last), place: .ending, text: ", Mutants.keeps(#)")]
        )
        for element in node {
            guard case .expression(let expression) = element.condition else { continue }
            covered.insert(expression.withoutParentheses.id)
            let name = node.count == 1 ? "always: \(context)" : "without \(text(expression)): \(context)"
            // A loop without an end is a time limit that is waited for.
            if !parent.is(WhileStmtSyntax.self) {
                surround(expression, "Mutants.always(", ", #)", [(.condition, name)])
            }
        }
    }

    /// Adds cases that are never taken, where others take their place.
    func mutate(_ node: SwitchExprSyntax) {
        let cases = node.cases.compactMap { $0.as(SwitchCaseSyntax.self) }
        guard cases.contains(where: { $0.label.is(SwitchDefaultLabelSyntax.self) }) else { return }
        for one in cases {
            guard case .case(let label) = one.label else { continue }
            let change = "never: \(text(label)) of switch \(text(node.subject))"
            for item in label.caseItems where item.whereClause == nil {
                let several = label.caseItems.count > 1 ? ", \(text(item.pattern)) alone" : ""
                add(
                    item,
                    [(.condition, change + several)],
                    [Edit(offset: end(of: item.pattern), place: .ending, text: " where Mutants.keeps(#)")]
                )
            }
        }
    }

    // MARK: Statements

    /// Adds a statement that is left out.
    func mutate(statement node: CodeBlockItemSyntax) {
        switch node.item {
        case .stmt(let statement):
            guard statement.is(ContinueStmtSyntax.self) || statement.is(BreakStmtSyntax.self) else { return }
            guard !node.mustLeave, node.isMoreThanCase else { return }
        case .expr(let expression):
            guard expression.isEffect(inInitializer: node.isInInitializer), !node.mustLeave else { return }
            guard unassigned.isDisjoint(with: expression.assignedNames) else { return }
            // The removal of a closure's only statement may change the closure's type.
            if node.isOnlyOfClosure, !expression.is(InfixOperatorExprSyntax.self) { return }
        case .decl:
            return
        }
        surround(node.item, "if Mutants.keeps(#) { ", " }", [(.statement, "without \(text(node.item))")])
    }

    /// Adds constants for what is returned.
    func mutate(result expression: ExprSyntax) {
        guard let type = expression.returnedType else { return }
        let plain = expression.withoutParentheses
        let context = text(expression)
        switch type {
        case "Bool":
            covered.insert(plain.id)
            if let literal = plain.as(BooleanLiteralExprSyntax.self) {
                surround(plain, "Mutants.turned(", ", #)", [(.result, "not \(literal.literal.text)")])
            } else {
                surround(
                    expression,
                    "Mutants.constant(",
                    ", #)",
                    [(.result, "true for \(context)"), (.result, "false for \(context)")]
                )
            }
        case let type where type.hasSuffix("?"):
            guard !plain.is(NilLiteralExprSyntax.self), !plain.is(StringLiteralExprSyntax.self) else { return }
            surround(expression, "Mutants.result(", ", nil, #)", [(.result, "nil for \(context)")])
        case let type where type.hasPrefix("[") && !type.contains(" of "):
            if let array = plain.as(ArrayExprSyntax.self), array.elements.isEmpty { return }
            let empty = type.contains(":") ? "[:]" : "[]"
            surround(expression, "Mutants.result(", ", \(empty), #)", [(.result, "\(empty) for \(context)")])
        case "Int", "UInt8", "UInt16", "UInt32", "UInt64":
            guard !plain.is(IntegerLiteralExprSyntax.self) else { return }
            surround(expression, "Mutants.result(", ", 0, #)", [(.result, "0 for \(context)")])
        default:
            return
        }
    }
}
