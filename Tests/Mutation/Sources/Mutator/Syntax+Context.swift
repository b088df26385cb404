import SwiftSyntax

extension PatternBindingSyntax {
    /// The name of a property, not that of a local variable.
    var declared: String? {
        guard let name = pattern.as(IdentifierPatternSyntax.self)?.identifier.text else { return nil }
        return parent?.parent?.parent?.is(MemberBlockItemSyntax.self) == true ? name : nil
    }

    /// The names that it binds, those of a tuple, too.
    var names: [String] {
        let patterns = pattern.as(TuplePatternSyntax.self)?.elements.map(\.pattern) ?? [pattern]
        return patterns.compactMap { $0.as(IdentifierPatternSyntax.self)?.identifier.text }
    }
}

extension ExprSyntax {
    /// The expression inside of parentheses, and without `try`, `await` and `unsafe`.
    var withoutParentheses: ExprSyntax {
        if let tuple = self.as(TupleExprSyntax.self), tuple.elements.count == 1, let only = tuple.elements.first {
            return only.expression.withoutParentheses
        }
        if let word = self.as(TryExprSyntax.self) { return word.expression.withoutParentheses }
        if let word = self.as(AwaitExprSyntax.self) { return word.expression.withoutParentheses }
        if let word = self.as(UnsafeExprSyntax.self) { return word.expression.withoutParentheses }
        return self
    }

    /// Whether it is a statement that does something: a call or an assignment.
    func isEffect(inInitializer: Bool) -> Bool {
        let plain = withoutParentheses
        if let infix = plain.as(InfixOperatorExprSyntax.self) {
            if infix.operator.is(AssignmentExprSyntax.self) {
                if infix.leftOperand.is(DiscardAssignmentExprSyntax.self) { return true }
                return !inInitializer
            }
            guard let name = infix.operator.as(BinaryOperatorExprSyntax.self)?.operator.text else { return false }
            return name.hasSuffix("=") && !["==", "!=", "<=", ">=", "==="].contains(name)
        }
        if let call = plain.as(FunctionCallExprSyntax.self) {
            return !call.isOfNoEffect && !(inInitializer && call.calledExpression.trimmedDescription == "self.init")
        }
        if let chain = plain.as(OptionalChainingExprSyntax.self) {
            return ExprSyntax(chain.expression).isEffect(inInitializer: inInitializer)
        }
        return false
    }

    /// The names of variables that it assigns to.
    var assignedNames: [String] {
        guard let infix = self.as(InfixOperatorExprSyntax.self), infix.operator.is(AssignmentExprSyntax.self) else {
            return []
        }
        let targets = infix.leftOperand.as(TupleExprSyntax.self)?.elements.map(\.expression) ?? [infix.leftOperand]
        return targets.compactMap { $0.as(DeclReferenceExprSyntax.self)?.baseName.text }
    }

    /// The type that the function or property around it declares for what it returns; nil where none is known.
    var returnedType: String? {
        var node = parent
        while let current = node {
            if current.is(ClosureExprSyntax.self) { return nil }
            if let function = current.as(FunctionDeclSyntax.self) {
                return function.signature.returnClause?.type.trimmedDescription
            }
            if let binding = current.as(PatternBindingSyntax.self) {
                guard binding.accessorBlock != nil else { return nil }
                return binding.typeAnnotation?.type.trimmedDescription
            }
            if current.as(AccessorDeclSyntax.self).map({ $0.accessorSpecifier.text != "get" }) ?? false { return nil }
            if current.is(InitializerDeclSyntax.self) || current.is(SubscriptDeclSyntax.self) { return nil }
            node = current.parent
        }
        return nil
    }
}

extension FunctionCallExprSyntax {
    /// Whether it checks our own use, or only saves memory.
    var isOfNoEffect: Bool {
        let called = calledExpression.trimmedDescription
        return ["precondition", "preconditionFailure", "assert", "assertionFailure", "fatalError"].contains(called)
            || called.hasSuffix("reserveCapacity")
    }
}

extension InfixOperatorExprSyntax {
    /// Whether an operand shows that text is put together, which no mutant changes.
    var isText: Bool {
        [leftOperand, rightOperand].contains { operand in
            if let infix = operand.as(InfixOperatorExprSyntax.self) { return infix.isText }
            return operand.withoutParentheses.is(StringLiteralExprSyntax.self)
        }
    }
}

extension Syntax {
    /// The expression or statement that makes a literal understandable.
    var shortContext: Syntax {
        var node = self
        while let parent = node.parent, parent.trimmedDescription.count <= 60, !parent.is(CodeBlockItemListSyntax.self)
        {
            node = parent
        }
        return node
    }
}

extension CodeBlockItemSyntax {
    private var list: CodeBlockItemListSyntax? { parent?.as(CodeBlockItemListSyntax.self) }

    /// Whether it is the only one of a closure.
    var isOnlyOfClosure: Bool { list?.count == 1 && list?.parent?.is(ClosureExprSyntax.self) == true }

    /// Whether it stands in an initializer, where what is not assigned does not compile.
    var isInInitializer: Bool {
        var node = parent
        while let current = node {
            if current.is(InitializerDeclSyntax.self) { return true }
            if current.is(MemberBlockSyntax.self) { return false }
            node = current.parent
        }
        return false
    }

    /// Whether it is the last one of a guard's body.
    var mustLeave: Bool {
        list?.last?.id == id && list?.parent?.parent?.is(GuardStmtSyntax.self) == true
    }

    /// Whether it is not a `break` that only says that a case does nothing.
    var isMoreThanCase: Bool {
        !(list?.parent?.is(SwitchCaseSyntax.self) == true && isBreak)
    }

    private var isBreak: Bool {
        if case .stmt(let statement) = item { statement.is(BreakStmtSyntax.self) } else { false }
    }

    private var isInfix: Bool {
        if case .expr(let expression) = item { expression.is(InfixOperatorExprSyntax.self) } else { false }
    }

    /// Whether its value is what the code around it is for.
    var isValue: Bool {
        guard let list, list.count == 1, let owner = list.parent else { return false }
        if owner.is(ClosureExprSyntax.self) { return !isInfix }
        if owner.is(AccessorBlockSyntax.self) { return true }
        if let switchCase = owner.as(SwitchCaseSyntax.self) {
            return switchCase.parent?.parent?.isValueExpression ?? false
        }
        guard let block = owner.as(CodeBlockSyntax.self), let parent = block.parent else { return false }
        if let function = parent.as(FunctionDeclSyntax.self) { return function.signature.returnClause != nil }
        if let accessor = parent.as(AccessorDeclSyntax.self) { return accessor.accessorSpecifier.text == "get" }
        if parent.is(IfExprSyntax.self) { return parent.isValueExpression }
        return false
    }
}

extension Syntax {
    /// Whether an `if` or `switch` has a value that is used.
    var isValueExpression: Bool {
        guard let parent else { return false }
        // An `else if`.
        if parent.is(IfExprSyntax.self) { return parent.isValueExpression }
        if parent.is(ExpressionStmtSyntax.self) {
            return parent.parent?.as(CodeBlockItemSyntax.self)?.isValue ?? false
        }
        if let item = parent.as(CodeBlockItemSyntax.self) { return item.isValue }
        return true
    }
}
