nothingOfTheKind();
